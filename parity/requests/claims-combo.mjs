// Questions that need several claims at once.
import { PROD, bearer, session } from './base.mjs';

const part = {
  role: ['editor', 'admin'],
  permission: ['org:posts:write', 'org:posts:delete'],
  feature: ['o:posts', 'files'],
  plan: ['team', 'u:free'],
  reverification: ['lax', 'strict'],
};

/** All pairs of two questions, and two of all five. */
function* checks() {
  const names = Object.keys(part);
  for (const [at, one] of names.entries()) {
    for (const other of names.slice(at + 1)) {
      for (const first of part[one]) for (const second of part[other]) yield { [one]: first, [other]: second };
    }
  }
  for (const at of [0, 1]) yield Object.fromEntries(names.map(name => [name, part[name][at]]));
}

const o = { id: 'org_parity', rol: 'editor', slg: 'acme', per: 'read,write', fpm: '3' };
const all = { v: 2, o, fea: 'o:posts,u:support', pla: 'o:team', fva: [20, 20], sts: 'active' };

const CLAIMS = {
  all,
  'no-organization': { ...all, o: undefined },
  recent: { ...all, fva: [0, 0] },
  pending: { ...all, sts: 'pending' },
  'no-user': { ...all, sub: '' },
  'first-version': {
    org_id: 'org_parity',
    org_role: 'org:editor',
    org_permissions: ['org:posts:write'],
    fea: 'o:posts',
    pla: 'o:team',
  },
};

export default function* vectors() {
  for (const [name, claims] of Object.entries(CLAIMS)) {
    yield bearer(name, PROD, session(claims), { checks: [...checks()] });
  }
}
