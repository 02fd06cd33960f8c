// Forms of path patterns in `organizationSyncOptions`, also those that are no pattern.
import { PROD, page, signedIn } from './base.mjs';

const PATTERNS = {
  'trailing-slash': ['/orgs/:slug/'],
  optional: ['/orgs/:slug?'],
  repeated: ['/orgs/:slug+'],
  'any-number': ['/orgs/:slug*'],
  expression: ['/orgs/:slug([a-z]+)'],
  'expression-digits': ['/orgs/:slug(\\d+)'],
  'no-parameter': ['/orgs/other'],
  'other-parameter': ['/orgs/:name'],
  'both-parameters': ['/orgs/:id/:slug'],
  'two-segments': ['/orgs/:slug/:more'],
  'empty-list': [],
  'wildcard-in-middle': ['/app/(.*)/orgs/:slug'],
  'any-in-middle': ['/app/:any/orgs/:slug'],
  group: ['/orgs/(other|acme)'],
  'optional-group': ['/orgs{/:slug}?'],
  dash: ['/orgs/:slug-team'],
  prefix: ['/orgs/team-:slug'],
  dot: ['/orgs/:slug.html'],
  'no-leading-slash': ['orgs/:slug'],
  'two-patterns': ['/x/:slug', '/orgs/:slug'],
  'first-pattern-wins': ['/orgs/:id', '/orgs/:slug'],
  'upper-case': ['/ORGS/:slug'],
  'with-query': ['/orgs/:slug?tab=1'],
  'parameter-twice': ['/:slug/:slug'],
  'bad-parenthesis': ['/orgs/:slug('],
  'bad-name': ['/orgs/:'],
  'bad-plus': ['+'],
  wildcard: ['/(.*)'],
  empty: [''],
  'not-a-list': '/orgs/:slug',
  number: [5],
  escaped: ['/orgs\\:x/:slug'],
  unicode: ['/caf\u00e9/:slug'],
};

const PATHS = [
  '/orgs',
  '/orgs/other',
  '/orgs/other/',
  '/orgs/a/b',
  '/app/x/orgs/other',
  '/orgs/team-other',
  '/orgs/other-team',
  '/orgs/other.html',
  '/orgs/42',
  '/caf%C3%A9/other',
];

const claims = { v: 2, o: { id: 'org_parity', rol: 'editor', slg: 'acme' } };

export default function* vectors() {
  for (const [name, patterns] of Object.entries(PATTERNS)) {
    for (const path of PATHS) {
      const options = { organizationSyncOptions: { organizationPatterns: patterns } };
      yield page(`${name}${path}`, PROD, signedIn(PROD, claims), { url: PROD.origin + path, options });
    }
    const options = { organizationSyncOptions: { personalAccountPatterns: patterns } };
    yield page(`personal/${name}`, PROD, signedIn(PROD, claims), { url: `${PROD.origin}/orgs/other`, options });
  }
  for (const value of [null, {}, [], 'text']) {
    yield page(`options-${JSON.stringify(value)}`, PROD, signedIn(PROD, claims), {
      options: { organizationSyncOptions: value },
    });
  }
}
