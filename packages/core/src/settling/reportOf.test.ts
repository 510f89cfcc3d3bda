import { type RunHeader, type RunPlan, runSpec, zeroCounts } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { NONE_PENDING } from '../ledgering/tallies.ts';
import type { LedgerReadings } from '../ports/ledger.ts';
import { reportOf } from './reportOf.ts';

const spec = {
  ...{ version: 1, runId: 'r', source: 's', destination: 'd', direction: 'SRC' },
  tables: [{ name: 't' }],
};
const header: RunHeader = {
  ...{ version: 2, runId: 'r', generation: 1, state: 'running', cancelRequested: false, direction: 'SRC' },
  ...{ pausedAt: null, pausedMs: 0, window: 1, planName: 'p', tableCount: 1, shards: 10, verdict: null },
  ...{
    failure: null,
    comparedFrom: 1100,
    comparedTo: 2000,
    createdAt: 900,
    plannedAt: 1000,
    settledAt: null,
  },
};

/** Of ten shards five are done, with 600 rows. */
async function reportAt(
  now: number,
  change: {
    readonly header?: Partial<RunHeader>;
    readonly spec?: object;
    readonly inherited?: RunPlan['tables'][number]['inherited'];
  },
) {
  const inherited = change.inherited ? { inherited: change.inherited } : {};
  const names = { source: 't', destination: 't' };
  const table = { names, plan: null, refusal: null, shards: 10, estimatedRows: 1, ...inherited };
  const readings: Partial<LedgerReadings> = {
    getRun: async () => ({ ...header, ...change.header }),
    getSpec: async () => runSpec.parse({ ...spec, ...change.spec }),
    getPlan: async () => ({ tables: [table] }),
    getRemarks: async () => ({ unstable: [], changed: [] }),
    totals: async () => [
      {
        counts: { ...zeroCounts(), rowsBase: 300, rowsTarget: 300 },
        shards: { planned: 5, running: 0, match: 5, differs: 0, inconclusive: 0 },
        pending: NONE_PENDING,
      },
    ],
    knownTotals: async () => [{ kept: 3, beyond: 0 }],
    differenceGroups: async () => [],
    failures: async () => ({ total: 0, first: [] }),
  };
  return reportOf('r', { ledger: readings as LedgerReadings }, now);
}

it('rows a second and the time that is left do not count pauses, neither ended ones nor the one that lasts', async () => {
  const worked = { rowsPerSecond: 300, etaMs: 2000, percent: 50 };
  expect(await reportAt(3000, {})).toMatchObject({ ...worked, paused: false });
  expect(await reportAt(9000, { header: { pausedMs: 6000 } })).toMatchObject({ ...worked, paused: false });
  const pause = { pausedAt: 5000, pausedMs: 2000 };
  for (const now of [5000, 9000])
    expect(await reportAt(now, { header: pause })).toMatchObject({ ...worked, paused: true });
});

it('they are of what is compared in this run, and the times are those of all that is in the report', async () => {
  const inherited = { shards: 3, rows: 400, from: 50, to: 70 };
  expect(await reportAt(3000, { spec: { basedOn: { runId: 'old' } }, inherited })).toMatchObject({
    // Two of seven shards and 200 rows in two seconds.
    ...{ rowsPerSecond: 100, etaMs: 5000, percent: 50, comparedFrom: 50, comparedTo: 2000 },
    inherited: { basedOn: 'old', ...inherited },
    tables: [{ inherited: 3 }],
    notes: [{ code: 'INHERITED_SHARDS' }],
  });
});
