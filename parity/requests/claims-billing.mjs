// Features and plans of a user and of an organization.
import { PROD, bearer, session } from './base.mjs';

const scopes = ['', 'o:', 'org:', 'organization:', 'u:', 'user:', 'x:', 'ou:'];

const CHECKS = [
  ...['posts', 'support', 'shared', 'missing', 'POSTS'].flatMap(name =>
    scopes.map(scope => ({ feature: scope + name })),
  ),
  ...['team', 'free', 'missing'].flatMap(name => scopes.map(scope => ({ plan: scope + name }))),
  { feature: '' },
  { plan: '' },
  { feature: 5 },
  { plan: null },
  { feature: 'o:posts:more' },
  { feature: 'posts', plan: 'team' },
  { feature: 'posts', plan: 'missing' },
];

const o = { id: 'org_parity', rol: 'editor', slg: 'acme', per: 'read', fpm: '1,1' };
const of = (fea, pla, more = { o }) => ({ v: 2, fea, pla, ...more });

const CLAIMS = {
  both: of('o:posts,u:support,uo:shared', 'o:team,u:free'),
  'no-organization': of('o:posts,u:support,uo:shared', 'o:team,u:free', {}),
  'user-only': of('u:posts,u:support', 'u:free', {}),
  'first-version': { fea: 'o:posts,u:support', pla: 'o:team' },
  'both-scopes': of('ou:posts,uo:support', 'ou:team'),
  'both-scopes-without-organization': of('ou:posts,uo:support', 'ou:team', {}),
  missing: of(undefined, undefined),
  empty: of('', ''),
  null: of(null, null),
  spaces: of(' o:posts , u:support ', ' o:team '),
  'no-scope': of('posts,support', 'team'),
  'one-without-scope': of('o:posts,support', 'o:team,free'),
  'colon-in-name': of('o:posts:more,u:support', 'o:team:more'),
  'without-name': of('o:,u:support', 'u:,o:team'),
  'unknown-scope': of('x:posts', 'x:team'),
  twice: of('o:posts,o:posts', 'o:team,o:team'),
  number: of(5, 5),
  list: of(['o:posts'], ['o:team']),
};

export default function* vectors() {
  for (const [name, claims] of Object.entries(CLAIMS)) {
    yield bearer(name, PROD, session(claims), { checks: CHECKS });
  }
}
