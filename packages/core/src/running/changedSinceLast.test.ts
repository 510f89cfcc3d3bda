import { type RunHeader, type WatchRecord, watchSpec, zeroCounts } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { TableTotals } from '../ports/ledger.ts';
import { type CoverageReadings, changedSinceLast } from './changedSinceLast.ts';

const run = { version: 1, source: 's', destination: 'd', direction: 'SRC', tables: [{ name: 't' }] } as const;
const spec = watchSpec.parse({ version: 1, incremental: { overlapMs: 1000, fullEvery: 3 }, run });
const shards = { planned: 0, running: 0, match: 2, differs: 1, inconclusive: 0 };
const equal: TableTotals = { shards, counts: { ...zeroCounts(), planted: 3, caught: 3 } };

interface World {
  readonly generation?: number;
  readonly last?: Partial<RunHeader> | null;
  readonly totals?: readonly TableTotals[];
  readonly table?: object;
  readonly spec?: WatchRecord['spec'];
}

function since({
  generation = 2,
  last = {},
  totals = [equal],
  table = { plan: {} },
  spec: own = spec,
}: World) {
  const header = {
    runId: 'w.1',
    direction: 'SRC',
    planName: 'p',
    createdAt: 5000,
    tableCount: 1,
    failure: null,
    ...last,
  };
  const plan = { tables: [{ names: { source: 't', destination: 't' }, shards: 3, ...table }] };
  const ledger = {
    getRun: async () => header,
    getSpec: async () => run,
    getPlan: async () => plan,
    getRemarks: async () => ({ changed: [], unstable: [] }),
    totals: async () => totals,
  } as unknown as CoverageReadings;
  const before = last === null ? undefined : (header as RunHeader);
  return changedSinceLast({ spec: own } as WatchRecord, { generation, last: before }, ledger);
}

it('a generation looks at what changed since the one before began, differences or not', async () => {
  const told = { time: '1970-01-01T00:00:05.000Z', column: 'updated_at', overlapMs: 1000 };
  expect(await since({})).toEqual(told);
  const onlyChanged = { failure: { code: 'CHANGED_ROWS_ONLY', message: '' } } as const;
  expect(await since({ last: onlyChanged, generation: 3 })).toEqual(told);
});

it.each<[string, World]>([
  ['is the first one', { last: null, generation: 1 }],
  ['is the turn of a full one', { generation: 4 }],
  ['is of a watch that asks for it', { spec: watchSpec.parse({ version: 1, run }) }],
  ['follows a run that failed', { last: { failure: { code: 'RUN_CANCELLED', message: '' } } }],
  ['follows a run with a table that was refused', { table: { plan: null } }],
  ['follows a run without its plan', { last: { planName: null } }],
  [
    'follows a run with a shard without a result',
    { totals: [{ ...equal, shards: { ...shards, inconclusive: 1 } }] },
  ],
  ['follows a run with a shard that is open', { totals: [{ ...equal, shards: { ...shards, planned: 1 } }] }],
  [
    'follows a run with a row that kept changing',
    { totals: [{ ...equal, counts: { ...equal.counts, unstable: 1 } }] },
  ],
  [
    'follows a run with a known row that is out of sight',
    { totals: [{ ...equal, counts: { ...equal.counts, knownHidden: 1 } }] },
  ],
  [
    'follows a run whose self-test missed',
    { totals: [{ ...equal, counts: { ...equal.counts, caught: 2 } }] },
  ],
  ['follows a run whose totals are gone', { totals: [] }],
])('a generation that %s compares all rows', async (_what, world) => {
  expect(await since(world)).toBeUndefined();
});
