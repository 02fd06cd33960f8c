// Claims that many JSON parsers refuse: half a character, and deep nesting. Clerk's package accepts both.
import { signParts } from '../recorder/tokens.mjs';
import { HEADER, NOW, PROD, bearer, claims, page } from './base.mjs';

const json = JSON.stringify(claims());
const withMember = member => signParts(JSON.stringify(HEADER), json.replace('{', `{${member},`));

const TOKENS = {
  'half-character': withMember('"half":"\\ud83d"'),
  'half-character-in-sub': signParts(JSON.stringify(HEADER), json.replace('user_parity', 'user_\\udc00')),
  'arrays-200-deep': withMember(`"deep":${'['.repeat(200)}${']'.repeat(200)}`),
  'objects-200-deep': withMember(`"deep":${'{"a":'.repeat(200)}1${'}'.repeat(200)}`),
};

export default function* vectors() {
  for (const [name, token] of Object.entries(TOKENS)) {
    yield bearer(`header/${name}`, PROD, token);
    yield page(`cookie/${name}`, PROD, { __session: token, __client_uat: NOW - 30 });
    yield bearer(`any/${name}`, PROD, token, { options: { acceptsToken: 'any' } });
  }
}
