// Tokens of machines that only the Backend API can read: its answers, and the keys that the call is made with.
import { canned } from './answers.mjs';
import { PROD, bearer } from './base.mjs';

const KINDS = {
  'api-key': { token: 'ak_parity', acceptsToken: 'api_key', endpoint: 'api_key_verify', good: 'ok_user' },
  m2m: { token: 'mt_parity', acceptsToken: 'm2m_token', endpoint: 'm2m_verify', good: 'ok' },
  oauth: { token: 'oat_parity', acceptsToken: 'oauth_token', endpoint: 'oauth_verify', good: 'ok' },
};

const MACHINE = 'ak_machine_parity';

const KEYS = {
  'no-secret-key': { secretKey: undefined },
  'empty-secret-key': { secretKey: '' },
  'machine-secret-only': { secretKey: undefined, machineSecretKey: MACHINE },
  'both-secrets': { machineSecretKey: MACHINE },
  'no-publishable-key': { publishableKey: undefined },
  'bad-publishable-key': { publishableKey: 'pk_live_!' },
  'no-keys': { secretKey: undefined, publishableKey: undefined },
  'api-address': { apiUrl: 'https://api.example.org' },
  'api-version': { apiVersion: 'v2' },
};

export default function* vectors() {
  for (const [kind, { token, acceptsToken, endpoint, good }] of Object.entries(KINDS)) {
    const ask = (id, answer, options, value = token, more) =>
      bearer(`${kind}/${id}`, PROD, value, {
        options: { acceptsToken, ...options },
        bapi: { [endpoint]: answer },
        ...more,
      });
    for (const name of Object.keys(canned[endpoint])) {
      yield ask(`answer/${name}`, name);
      yield ask(`any/answer/${name}`, name, { acceptsToken: 'any' });
    }
    for (const [name, answer] of Object.entries(bodies(canned[endpoint][good].body))) yield ask(`body/${name}`, answer);
    for (const [name, options] of Object.entries(KEYS)) {
      yield ask(`options/${name}`, good, options);
      yield ask(`options-any/${name}`, good, { ...options, acceptsToken: 'any' });
    }
    const prefix = token.slice(0, token.indexOf('_') + 1);
    for (const rest of ['', 'a b', 'a/b', '%2e%2e', '\u00e9', 'a.b.c', 'a'.repeat(512), 'a'.repeat(513), 'A-z_0']) {
      yield ask(`text/${rest.length > 20 ? rest.length : rest}`, good, {}, prefix + rest);
    }
    yield ask('upper-case-prefix', good, {}, token.toUpperCase());
    yield ask('post', good, {}, token, { method: 'POST' });
    yield ask('issuer', good, { issuer: 'https://clerk.example.com' });
    yield ask('parties', good, { authorizedParties: ['https://other.example.com'] });
    yield ask('two-answers', ['server_error', good]);
    yield ask('rate-limited-once', ['rate_limited', good]);
  }
  for (const [name, audience] of Object.entries({
    match: 'https://api.example.org',
    other: 'https://mail.example.org',
    list: ['https://mail.example.org', 'https://api.example.org'],
    empty: '',
    'empty-list': [],
  })) {
    for (const answer of ['ok', 'ok_aud']) {
      yield bearer(`oauth/audience-${name}/${answer}`, PROD, 'oat_parity', {
        options: { acceptsToken: 'oauth_token', audience },
        bapi: { oauth_verify: answer },
      });
    }
  }
}

/** Answers of status 200 that are no good token. */
function bodies(good) {
  const json = body => ({ status: 200, body });
  return {
    'empty-object': json({}),
    null: json(null),
    list: json([]),
    text: json('ok'),
    'wrong-object': json({ ...good, object: 'user' }),
    'no-object': json({ ...good, object: undefined }),
    'no-subject': json({ ...good, subject: undefined }),
    'empty-subject': json({ ...good, subject: '' }),
    'no-id': json({ ...good, id: undefined }),
    'scopes-null': json({ ...good, scopes: null }),
    'unknown-member': json({ ...good, more: [1] }),
    'claims-list': json({ ...good, claims: [1] }),
    'list-of-one': json([good]),
    created: { status: 201, body: good },
  };
}
