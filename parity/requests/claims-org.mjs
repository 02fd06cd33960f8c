// The organization in a token, in both versions of its claims, and what `has(...)` says about it.
import { PROD, bearer, session } from './base.mjs';

/** Questions about roles and permissions, in every form that the package understands. */
const CHECKS = [
  ...['editor', 'org:editor', 'org:org:editor', 'admin', '', null, 5].map(role => ({ role })),
  ...[
    'org:posts:write',
    'posts:write',
    'org:org:posts:write',
    'org:posts:read',
    'org:files:read',
    'org:sys_memberships:read',
    'sys_memberships:read',
    'org:posts',
    'posts',
    '',
    null,
    5,
  ].map(permission => ({ permission })),
  { role: 'org:editor', permission: 'org:posts:write' },
  { role: 'org:admin', permission: 'org:posts:write' },
  {},
];

const org = {
  org_id: 'org_parity',
  org_role: 'org:editor',
  org_slug: 'acme',
  org_permissions: ['org:posts:read', 'org:posts:write'],
};

const FIRST = {
  none: {},
  all: org,
  'role-unprefixed': { ...org, org_role: 'editor' },
  'role-prefixed-twice': { ...org, org_role: 'org:org:editor' },
  'role-empty': { ...org, org_role: '' },
  'role-number': { ...org, org_role: 5 },
  'role-null': { ...org, org_role: null },
  'no-role': { ...org, org_role: undefined },
  'no-slug': { ...org, org_slug: undefined },
  'no-permissions': { ...org, org_permissions: undefined },
  'permissions-empty': { ...org, org_permissions: [] },
  'permissions-null': { ...org, org_permissions: null },
  'permissions-text': { ...org, org_permissions: 'org:posts:read,org:posts:write' },
  'permissions-unprefixed': { ...org, org_permissions: ['posts:read', 'posts:write'] },
  'permissions-mixed': { ...org, org_permissions: ['org:posts:write', 5, null] },
  'permissions-of-system': { ...org, org_permissions: ['org:sys_memberships:read'] },
  'role-without-organization': { org_role: 'org:editor' },
  'id-empty': { ...org, org_id: '' },
  'id-null': { ...org, org_id: null },
  'id-number': { ...org, org_id: 5 },
};

const o = { id: 'org_parity', rol: 'editor', slg: 'acme', per: 'read,write', fpm: '3,1' };
const second = (changes, fea = 'o:posts,o:files,u:support') => ({
  v: 2,
  fea,
  pla: 'o:team,u:free',
  o: { ...o, ...changes },
});

const SECOND = {
  all: second(),
  'without-o': { v: 2 },
  'o-null': { v: 2, o: null },
  'o-empty': { v: 2, o: {} },
  'o-text': { v: 2, o: 'org_parity' },
  'o-list': { v: 2, o: ['org_parity'] },
  'first-claims-too': { ...org, org_id: 'org_first', ...second() },
  'only-first-claims': { v: 2, ...org },
  'role-prefixed': second({ rol: 'org:editor' }),
  'role-empty': second({ rol: '' }),
  'role-number': second({ rol: 5 }),
  'no-role': second({ rol: undefined }),
  'no-slug': second({ slg: undefined }),
  'no-per': second({ per: undefined }),
  'no-fpm': second({ fpm: undefined }),
  'no-fea': { v: 2, o },
  'user-feature-first': second({}, 'u:support,o:posts,o:files'),
  'both-scopes': second({ fpm: '3,2' }, 'uo:posts,ou:files'),
  'features-with-spaces': second({}, 'o:posts, o:files'),
  'feature-empty': second({}, ''),
  ...Object.fromEntries(
    [
      '',
      '0',
      '1,2',
      '2,3',
      '3',
      '3,1,7',
      '-1,1',
      '3e0,1',
      '0x3,1',
      '3.7,1',
      '+3,1',
      '4294967295,1',
      '8,1',
      'x,1',
      ' 3 , 1 ',
      '3,,1',
    ].map(fpm => [`fpm-${fpm}`, second({ fpm })]),
  ),
  'per-with-spaces': second({ per: 'read, write' }),
  'per-trailing-comma': second({ per: 'read,write,' }),
  'per-with-colon': second({ per: 'posts:read,write' }),
  'per-empty': second({ per: '' }),
  'per-of-40': second({ per: Array.from({ length: 40 }, (_, at) => `p${at}`).join(','), fpm: '4294967298,2147483648' }),
  'id-empty': second({ id: '' }),
  'id-number': second({ id: 5 }),
};

const VERSIONS = [1, 2, 3, '2', '2.0', null, true, -1];

export default function* vectors() {
  // A role that is a number becomes a text in JavaScript.
  const ask = (id, claims) =>
    bearer(id, PROD, session(claims), { checks: CHECKS, ...(id === 'second/role-number' && { quirk: true }) });
  for (const [name, claims] of Object.entries(FIRST)) yield ask(`first/${name}`, claims);
  for (const [name, claims] of Object.entries(SECOND)) yield ask(`second/${name}`, claims);
  for (const v of VERSIONS) {
    yield ask(`version-${JSON.stringify(v)}/first-claims`, { ...org, v });
    yield ask(`version-${JSON.stringify(v)}/second-claims`, { ...second(), v });
  }
}
