// How long ago a user proved who they are (`fva`), and which sessions may do what needs a recent proof.
import { PROD, bearer, session } from './base.mjs';

const LEVELS = ['first_factor', 'second_factor', 'multi_factor'];
const own = (level, afterMinutes) => ({ reverification: { level, afterMinutes } });

const CHECKS = [
  ...['strict', 'strict_mfa', 'moderate', 'lax', 'unknown', '', null, true, 10].map(reverification => ({
    reverification,
  })),
  ...LEVELS.flatMap(level => [1, 10, 1440].map(minutes => own(level, minutes))),
  own('third_factor', 10),
  own('first_factor', 0),
  own('first_factor', -5),
  own('first_factor', '10'),
  own('first_factor', 1.5),
  own(undefined, 10),
  own('first_factor', undefined),
  { reverification: 'strict', role: 'org:admin' },
  { reverification: 'lax', feature: 'posts' },
];

const AGES = {
  missing: undefined,
  null: null,
  '0,0': [0, 0],
  '4,-1': [4, -1],
  '-1,4': [-1, 4],
  '-1,-1': [-1, -1],
  '5,40': [5, 40],
  '40,5': [40, 5],
  '10,10': [10, 10],
  '60,59': [60, 59],
  '1440,0': [1440, 0],
  '1439,1439': [1439, 1439],
  '3000,3000': [3000, 3000],
  '-2,4': [-2, 4],
  texts: ['4', '4'],
  'null-inside': [null, 4],
  float: [4.5, 4.5],
  object: { first: 4 },
  empty: [],
  one: [4],
  three: [4, 4, 4],
  false: false,
  text: '4,4',
  '-1,10': [-1, 10],
  '-1,0': [-1, 0],
  '-0.5,1': [-0.5, 1],
};

export default function* vectors() {
  for (const [name, fva] of Object.entries(AGES)) {
    yield bearer(name, PROD, session({ v: 2, fva }), { checks: CHECKS });
  }
  for (const fva of [
    [4, -1],
    [40, 40],
  ]) {
    yield bearer(`first-version/${fva}`, PROD, session({ fva }), { checks: CHECKS });
  }
}
