/** Documents of one run, as the services answer them. */
import {
  type MigrationAnswer,
  type MigrationDefinitionInput,
  type MigrationGateAnswer,
  type RunReport,
  type RunSpecInput,
  type WholeRunAnswer,
  withoutLags,
  zeroCounts,
} from '@rowparity/contracts';

export const SPEC: RunSpecInput = {
  ...{ version: 1, runId: 'r-1', source: 'old', destination: 'new', direction: 'SRC' },
  tables: [{ name: 'orders' }],
};

export const RUN: WholeRunAnswer = {
  ...{ runId: 'r-1', generation: 1, direction: 'SRC', state: 'accepted', verdict: null, failure: null },
  ...{
    paused: false,
    cancelRequested: false,
    tableCount: 0,
    shards: 0,
    createdAt: 1,
    plannedAt: null,
    settledAt: null,
  },
  ...{ tables: [], notes: [] },
};

const { runId: _id, direction: _way, ...TEMPLATE } = SPEC;
export const MIGRATION_DEFINITION: MigrationDefinitionInput = { version: 1, spec: TEMPLATE };

export const MIGRATION: MigrationAnswer = {
  ...{
    version: 1,
    migrationId: 'move',
    createdAt: 1,
    stage: 'src_first',
    stageSince: 2,
    runs: 1,
    begunAt: 1,
  },
  ...{ ordered: null, switches: [{ stage: 'src_first', at: 2, ended: null }], direction: 'SRC' },
  ...{ neighbours: ['src_only', 'dst_first'], runId: 'move.1', definition: { ...MIGRATION_DEFINITION } },
};

export const MIGRATION_GATE: MigrationGateAnswer = {
  ...{ version: 1, migrationId: 'move', stage: 'src_first', direction: 'SRC', ready: false },
  ...{ neighbours: ['src_only', 'dst_first'], knownDifferences: null },
  reasons: [{ code: 'NO_RUN', message: 'No full run of this migration has ended yet.' }],
  ...{ lastRun: null, quiet: { runs: 0, since: null, forMs: 0 } },
};

export function reportIn(state: RunReport['state'], verdict: RunReport['verdict'] = null): RunReport {
  return {
    ...{ version: 2, runId: 'r-1', generation: 1, direction: 'SRC', state, verdict },
    source: { connection: 'old', server: null },
    destination: { connection: 'new', server: null },
    spec: {
      ...{ version: 1, runId: 'r-1', source: 'old', destination: 'new', direction: 'SRC', allowSame: false },
      ...{ tables: [{ name: 'orders' }], strategy: 'exact', rulesOff: [] },
      shard: { rows: 100_000, window: 256, pageRows: 20_000 },
      recheck: { stillMs: 'auto', fence: 'auto', maxWaitMs: 60_000 },
      events: { topic: 'dbMove', format: 'full', resolved: false },
      known: { keep: 1000 },
    },
    ...{
      complete: verdict !== null,
      percent: 0,
      elapsedMs: 0,
      rowsPerSecond: 0,
      etaMs: null,
      counts: withoutLags(zeroCounts()),
    },
    ...{ pending: { rows: 0, candidates: 0 }, convergence: null, tables: [], failures: [], failuresTotal: 0 },
    ...{ causes: [], causesBeyond: 0 },
    shards: { total: 0, planned: 0, running: 0, match: 0, differs: 0, inconclusive: 0 },
    ...{
      paused: false,
      inherited: null,
      follows: null,
      notes: [],
      unstable: [],
      pauses: [],
      comparedFrom: null,
      comparedTo: null,
    },
    ...{ createdAt: 1, plannedAt: null, settledAt: null },
  };
}
