// Tokens that are damaged in every part, in the header, in a cookie, and where any token type is accepted.
import { base64url, sign, signParts, signature } from '../recorder/tokens.mjs';
import { HEADER, NOW, PROD, bearer, claims, page, session } from './base.mjs';

const good = session();
const [header, payload, sig] = good.split('.');
const json = JSON.stringify(claims());
const headerJson = JSON.stringify(HEADER);

/** A signed token whose parts are already encoded. */
const encoded = (first, second) => `${first}.${second}.${signature(`${first}.${second}`)}`;
const withHeader = text => signParts(text, json);
const withPayload = text => signParts(headerJson, text);

/** Changes bits of the last character that base64 does not use. */
function trailingBits(part) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return part.slice(0, -1) + alphabet[alphabet.indexOf(part.at(-1)) ^ 1];
}

/** A payload whose encoding does not use all bits of its last character. */
const padded = claims({ pad: '' });
while (base64url(JSON.stringify(padded)).length % 4 === 0) padded.pad += 'x';

const TOKENS = {
  'one-part': header,
  'two-parts': `${header}.${payload}`,
  'four-parts': `${good}.${sig}`,
  'three-dots': '...',
  'two-dots': '..',
  'empty-signature': `${header}.${payload}.`,
  'empty-header': `.${payload}.${sig}`,
  'empty-payload': `${header}..${sig}`,
  letters: 'a.b.c',
  'header-bad-base64': `${header}*.${payload}.${sig}`,
  'payload-bad-base64': `${header}.${payload.slice(0, -2)}$$.${sig}`,
  'signature-bad-base64': `${header}.${payload}.${sig.slice(0, -2)}!!`,
  'signature-standard-alphabet': `${header}.${payload}.${sig.replaceAll('-', '+').replaceAll('_', '/')}`,
  'header-padded': encoded(`${header}=`, payload),
  'payload-padded': encoded(header, `${base64url(JSON.stringify(padded))}=`),
  'signature-padded': `${good}==`,
  'signature-padded-more': `${good}====`,
  'signature-of-one-character': `${header}.${payload}.A`,
  'signature-trailing-bits': `${header}.${payload}.${trailingBits(sig)}`,
  'signature-cut': good.slice(0, -8),
  'signature-twice-as-long': `${good}${sig}`,
  'payload-trailing-bits': encoded(header, trailingBits(base64url(JSON.stringify(padded)))),
  'inner-newline': `${header}.${payload}\n.${sig}`.replace('\n', '%0A'),
  'header-no-json': withHeader('{alg'),
  'header-null': withHeader('null'),
  'header-number': withHeader('7'),
  'header-array': withHeader(`[${headerJson}]`),
  'header-string': withHeader('"RS256"'),
  'header-empty-object': withHeader('{}'),
  'header-alg-twice': withHeader(headerJson.replace('{', '{"alg":"none",')),
  'payload-no-json': withPayload('sub=user'),
  'payload-null': withPayload('null'),
  'payload-number': withPayload('7'),
  'payload-array': withPayload(`[${json}]`),
  'payload-string': withPayload('"user"'),
  'payload-true': withPayload('true'),
  'payload-empty-object': withPayload('{}'),
  'payload-space-around': withPayload(` ${json}\n`),
  'payload-byte-order-mark': withPayload(`\ufeff${json}`),
  'payload-no-utf8': withPayload(
    Buffer.concat([
      Buffer.from(json.slice(0, -1)),
      Buffer.from(',"x":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]),
  ),
  'payload-names-twice': withPayload(json.replace('{', '{"sub":"user_before",')),
  'payload-unicode': session({ sub: 'user_\u00e9\u2713', name: 'Zo\u00eb \ud83d\udc1f' }),
  'payload-escapes': withPayload(json.replace('user_parity', '\\u0075ser_parity')),
  'payload-own-prototype': withPayload(json.replace('{', '{"__proto__":{"sub":"user_x"},')),
  'payload-large-number': withPayload(json.replace('{', '{"big":123456789012345678901234567890,')),
  'payload-nan': withPayload(json.replace('{', '{"x":NaN,')),
  'payload-trailing-comma': withPayload(json.replace('}', ',}')),
  'payload-comment': withPayload(json.replace('{', '{/* */')),
  'sub-empty': session({ sub: '' }),
  'sub-number': session({ sub: 7 }),
  'sub-missing': session({ sub: undefined }),
  'sub-null': session({ sub: null }),
  'sid-missing': session({ sid: undefined }),
  'sid-empty': session({ sid: '' }),
  'sid-number': session({ sid: 7 }),
  'no-claims-but-dates': sign(HEADER, { exp: NOW + 50, iat: NOW - 10 }),
  large: session({ text: 'x'.repeat(20_000) }),
};

export default function* vectors() {
  for (const [name, token] of Object.entries(TOKENS)) {
    yield bearer(`header/${name}`, PROD, token);
    yield page(`cookie/${name}`, PROD, { __session: token, __client_uat: NOW - 30 });
    yield bearer(`any/${name}`, PROD, token, { options: { acceptsToken: 'any' } });
  }
}
