// Impersonation (`act`), pending sessions (`sts`), claims of the application's own.
import { NOW, PROD, bearer, page, session } from './base.mjs';

const CHECKS = [
  { role: 'editor' },
  { permission: 'org:posts:read' },
  { feature: 'posts' },
  { plan: 'team' },
  { reverification: 'strict' },
];
const o = { id: 'org_parity', rol: 'editor', slg: 'acme', per: 'read', fpm: '1' };
const organization = { o, fea: 'o:posts', pla: 'o:team', fva: [0, 0] };

const CLAIMS = {
  'act-user': { act: { sub: 'user_support' } },
  'act-more': { act: { sub: 'user_support', iss: 'https://dashboard.example.org', sid: 'sess_support' } },
  'act-agent': { act: { sub: 'agent_1', type: 'agent' } },
  'act-text': { act: 'user_support' },
  'act-null': { act: null },
  'act-empty': { act: {} },
  'act-list': { act: [{ sub: 'user_support' }] },
  'act-sub-number': { act: { sub: 5 } },
  'sts-active': { sts: 'active' },
  'sts-pending': { sts: 'pending' },
  'sts-null': { sts: null },
  'sts-empty': { sts: '' },
  'sts-upper': { sts: 'PENDING' },
  'sts-number': { sts: 5 },
  'sts-other': { sts: 'ended' },
  'sts-list': { sts: ['pending'] },
  'pending-in-organization': { sts: 'pending', ...organization },
  'pending-impersonated': { sts: 'pending', act: { sub: 'user_support' } },
  'own-claims': { email: 'zoe@example.org', nested: { a: [1, 2, { b: null }] }, '': 'empty name', __proto: 1 },
  'own-claims-named-like-members': { userId: 'user_other', tokenType: 'api_key', isAuthenticated: false, has: 1 },
  'sid-missing': { sid: undefined },
};

export default function* vectors() {
  for (const [name, claims] of Object.entries(CLAIMS)) {
    for (const v of [undefined, 2]) {
      const token = session({ v, ...claims });
      const id = `${name}/${v === 2 ? 'second' : 'first'}`;
      yield bearer(id, PROD, token, { checks: CHECKS });
      yield page(`${id}/cookie`, PROD, { __session: token, __client_uat: NOW - 30 }, { checks: CHECKS });
    }
  }
}
