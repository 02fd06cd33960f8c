// Signed webhooks: time, signature, headers, secret and body.
import { createHmac } from 'node:crypto';
import { NOW, NOW_MS } from './base.mjs';

const bytes = Buffer.from('parity webhook secret +/++//~~??');
const SECRET = `whsec_${bytes.toString('base64')}`;
const event = {
  type: 'user.created',
  object: 'event',
  data: { id: 'user_parity', first_name: 'Zo\u00eb \u2713' },
  timestamp: NOW_MS,
  instance_id: 'ins_parity',
  event_attributes: { http_request: { client_ip: '203.0.113.7', user_agent: 'Browser/1.0' } },
};
const BODY = JSON.stringify(event);

/** The signature over exactly these texts. */
function sign(body = BODY, timestamp = String(NOW), id = 'msg_parity', key = bytes) {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** A vector; headers that are `undefined` are not sent. */
function webhook(id, { body = BODY, headers = {}, options = { signingSecret: SECRET }, env, now_ms = NOW_MS } = {}) {
  const all = { 'svix-id': 'msg_parity', 'svix-timestamp': String(NOW), 'svix-signature': sign(body), ...headers };
  const list = Object.entries(all).filter(([, value]) => value !== undefined);
  return {
    id,
    now_ms,
    ...(env && { env }),
    request: { method: 'POST', url: 'https://shop.example.org/webhooks', headers: list, body },
    options,
  };
}

/** A timestamp whose signature covers the text as it is sent, and one whose signature covers the number in it. */
function* timestamp(name, text, more) {
  yield webhook(`timestamp/${name}`, {
    headers: { 'svix-timestamp': text, 'svix-signature': sign(BODY, text.trim()) },
    ...more,
  });
  const number = Number.parseInt(text, 10);
  if (String(number) !== text) {
    yield webhook(`timestamp/${name}/number-signed`, {
      headers: { 'svix-timestamp': text, 'svix-signature': sign(BODY, String(number)) },
      ...more,
    });
  }
}

export default function* vectors() {
  yield webhook('good');
  yield webhook('other-body', { headers: { 'svix-signature': sign(`${BODY} `) } });
  yield webhook('other-id', { headers: { 'svix-id': 'msg_other' } });
  yield webhook('other-time', { headers: { 'svix-timestamp': String(NOW + 1) } });
  yield webhook('other-secret', {
    options: { signingSecret: `whsec_${Buffer.from('another secret of enough bytes').toString('base64')}` },
  });
  yield* timestamps();
  yield* signatures();
  yield* headers();
  yield* secrets();
  yield* bodies();
}

function* timestamps() {
  for (const offset of [-86_400, -301, -300, -299, -1, 0, 1, 299, 300, 301, 86_400]) {
    for (const milliseconds of [0, 1, 500, 999])
      yield* timestamp(`${offset}s-${milliseconds}ms`, String(NOW + offset), { now_ms: NOW_MS + milliseconds });
  }
  // Fractions of a second, and other texts that JavaScript reads as a number.
  for (const [name, text] of Object.entries({
    half: `${NOW}.5`,
    'half-at-limit': `${NOW - 300}.5`,
    'half-before-limit': `${NOW - 301}.5`,
    'half-after': `${NOW + 300}.5`,
    nine: `${NOW}.999999`,
    'point-zero': `${NOW}.0`,
    'point-end': `${NOW}.`,
    'point-first': `.${NOW}`,
    exponent: '1.7803008e9',
    comma: `${NOW},5`,
    text: 'now',
    suffix: `${NOW}abc`,
    plus: `+${NOW}`,
    minus: `-${NOW}`,
    hexadecimal: `0x${NOW.toString(16)}`,
    'leading-zero': `0${NOW}`,
    milliseconds: String(NOW_MS),
    spaces: ` ${NOW} `,
    'inner-space': `${NOW} 5`,
    huge: '9'.repeat(30),
    zero: '0',
    underscore: '1_780_300_800',
    nan: 'NaN',
    infinity: 'Infinity',
  }))
    yield* timestamp(name, text);
}

function* signatures() {
  const good = sign();
  const [, value] = good.split(',');
  const wrong = sign('other');
  const texts = {
    'second-is-good': `${wrong} ${good}`,
    'first-is-good': `${good} ${wrong}`,
    'none-is-good': `${wrong} ${wrong}`,
    'version-2': `v2,${value}`,
    'version-2-then-1': `v2,${value} ${good}`,
    'version-1a': `v1a,${value}`,
    'no-version': value,
    'empty-signature': 'v1,',
    'version-only': 'v1',
    'comma-only': ',',
    'tab-between': `${wrong}\t${good}`,
    'two-spaces-between': `${wrong}  ${good}`,
    'upper-version': `V1,${value}`,
    'no-padding': good.replace(/=+$/, ''),
    'url-alphabet': good.replaceAll('+', '-').replaceAll('/', '_'),
    hexadecimal: `v1,${Buffer.from(value, 'base64').toString('hex')}`,
    'comma-more': `${good},x`,
    'prefix-of-good': good.slice(0, -6),
    longer: `v1,${value.replace('=', '')}AAAA`,
    'space-at-end': `${good} `,
    'space-in-version': `v1 ,${value}`,
    twice: `${good} ${good}`,
    fifty: `${Array(50).fill(wrong).join(' ')} ${good}`,
  };
  for (const [name, text] of Object.entries(texts))
    yield webhook(`signature/${name}`, { headers: { 'svix-signature': text } });
}

function* headers() {
  const names = ['svix-id', 'svix-timestamp', 'svix-signature'];
  for (const name of names) {
    yield webhook(`headers/no-${name}`, { headers: { [name]: undefined } });
    yield webhook(`headers/blank-${name}`, { headers: { [name]: '  ' } });
    yield webhook(`headers/upper-${name}`, {
      headers: {
        [name]: undefined,
        [name.toUpperCase()]: name === 'svix-id' ? 'msg_parity' : name === 'svix-timestamp' ? String(NOW) : sign(),
      },
    });
  }
  yield webhook('headers/none', { headers: Object.fromEntries(names.map(name => [name, undefined])) });
  const standard = { 'webhook-id': 'msg_parity', 'webhook-timestamp': String(NOW), 'webhook-signature': sign() };
  yield webhook('headers/standard-names', {
    headers: { ...Object.fromEntries(names.map(name => [name, undefined])), ...standard },
  });
  yield webhook('headers/both-families', { headers: { ...standard, 'webhook-signature': 'v1,wrong' } });
  yield webhook('headers/padded', { headers: { 'svix-id': ' msg_parity ', 'svix-signature': ` ${sign()} ` } });
  for (const id of ['a.b', 'with space', '\u00e9', 'x'.repeat(300), '<>']) {
    yield webhook(`headers/id-${id.length > 20 ? 'long' : id}`, {
      headers: { 'svix-id': id, 'svix-signature': sign(BODY, String(NOW), id) },
    });
  }
}

function* secrets() {
  const raw = SECRET.slice('whsec_'.length);
  const texts = {
    'no-prefix': raw,
    empty: '',
    missing: undefined,
    'prefix-only': 'whsec_',
    'url-alphabet': `whsec_${raw.replaceAll('+', '-').replaceAll('/', '_')}`,
    'no-padding': `whsec_${raw.replace(/=+$/, '')}`,
    'prefix-twice': `whsec_${SECRET}`,
    'leading-space': ` ${SECRET}`,
    'newline-at-end': `${SECRET}\n`,
    'no-base64': 'whsec_***',
    'upper-prefix': SECRET.replace('whsec', 'WHSEC'),
  };
  for (const [name, signingSecret] of Object.entries(texts))
    yield webhook(`secret/${name}`, { options: { signingSecret } });
  for (const length of [1, 8, 23, 24, 64, 65]) {
    const key = Buffer.alloc(length, 'k');
    yield webhook(`secret/of-${length}-bytes`, {
      options: { signingSecret: `whsec_${key.toString('base64')}` },
      headers: { 'svix-signature': sign(BODY, String(NOW), 'msg_parity', key) },
    });
  }
  yield webhook('secret/from-environment', { options: {}, env: { CLERK_WEBHOOK_SIGNING_SECRET: SECRET } });
  yield webhook('secret/option-and-environment', { env: { CLERK_WEBHOOK_SIGNING_SECRET: 'whsec_b3RoZXI=' } });
  yield webhook('secret/empty-option-and-environment', {
    options: { signingSecret: '' },
    env: { CLERK_WEBHOOK_SIGNING_SECRET: SECRET },
  });
  yield webhook('secret/nothing-at-all', { options: {}, headers: { 'svix-id': undefined } });
}

function* bodies() {
  const { type, ...untyped } = event;
  const texts = {
    empty: '',
    'no-json': 'hello',
    null: 'null',
    number: '5',
    list: '[]',
    text: '"x"',
    'empty-object': '{}',
    'no-type': JSON.stringify(untyped),
    'more-members': JSON.stringify({ ...event, more: { a: 1 } }),
    unicode: JSON.stringify({ ...event, data: { name: '\ud83d\udc1f' } }),
    'space-around': ` ${BODY}\n`,
    'other-object': JSON.stringify({ ...event, object: 'webhook' }),
    'no-object': JSON.stringify({ ...event, object: undefined }),
    'data-null': JSON.stringify({ ...event, data: null }),
    'no-data': JSON.stringify({ ...event, data: undefined }),
    'unknown-type': JSON.stringify({ ...event, type: 'parity.checked' }),
    'type-number': JSON.stringify({ ...event, type: 5 }),
    'names-twice': BODY.replace('{', '{"type":"user.deleted",'),
    large: JSON.stringify({ ...event, data: { id: 'user_parity', text: 'x'.repeat(5000) } }),
    'only-type': '{"type":"user.created"}',
  };
  for (const [name, body] of Object.entries(texts)) yield webhook(`body/${name}`, { body });
  yield webhook('body/byte-order-mark', { body: `\ufeff${BODY}`, headers: { 'svix-signature': sign() } });
  yield webhook('body/byte-order-mark-signed', { body: `\ufeff${BODY}` });
}
