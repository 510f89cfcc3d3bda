// Table ledger_gaps: ids over the whole signed 64-bit range, in dense runs far apart. Neighbours beyond 2^53
// collide as soon as any code takes an id for a JavaScript number.

import type { SeededRandom } from '../random/seededRandom.ts';
import { note } from './literals.ts';
import type { ShopTable } from './shopTable.ts';

const RUN_LENGTH = 50;
// All ids are multiples of three: the two numbers after each are strangers.
const STEP = 3n;
const LOWEST = -(2n ** 63n) / STEP + 1_000_000n;
const HIGHEST = 2n ** 63n / STEP - 1_000_000n;
// In thirds: runs at the edges of what a double can count, at zero, and at the ends of the range.
const EDGES = [LOWEST, -(2n ** 53n) / STEP, -2n, 2n ** 53n / STEP, HIGHEST - 1000n] as const;

export const ledgerGaps: ShopTable = {
  name: 'ledger_gaps',
  share: 0.02,
  ddl: `CREATE TABLE ledger_gaps (
    id BIGINT NOT NULL PRIMARY KEY,
    note VARCHAR(200) NULL
  )`,
  key: [{ name: 'id', kind: 'integer' }],
  *keys(count, random) {
    const starts = runStarts(Math.ceil(count / RUN_LENGTH), random);
    let left = count;
    let next = LOWEST;
    for (const start of starts) {
      // Runs that happen to touch go on where the last one ended.
      if (start > next) next = start;
      for (let inRun = 0; inRun < RUN_LENGTH && left > 0; inRun += 1, left -= 1, next += 1n) {
        yield [String(next * STEP)];
      }
    }
  },
  values: (_key, random) => note(random),
  strangers: {
    below: (random) => [String(random.bigint(-(2n ** 63n), (LOWEST - 1n) * STEP))],
    between: (random) => [String(random.bigint(LOWEST, HIGHEST) * STEP + 1n)],
    above: (random) => [String(random.bigint((HIGHEST + 1n) * STEP, 2n ** 63n - 1n))],
  },
  mutations: [
    { column: 'note', expression: `IF(note IS NULL, '', IF(note = '', NULL, ''))` },
    { column: 'note', expression: `CONCAT(COALESCE(note, ''), '.')` },
  ],
};

function runStarts(count: number, random: SeededRandom): bigint[] {
  const starts: bigint[] = EDGES.slice(0, count);
  while (starts.length < count) starts.push(random.bigint(LOWEST, HIGHEST - 1_000_000n));
  return starts.sort((left, right) => (left < right ? -1 : 1));
}
