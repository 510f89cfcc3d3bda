/** Reports of runs that never were, for what only reads a report. */
import { type RunReport, reportedCounts, runSpec } from '@rowparity/contracts';

export const ZERO_COUNTS = Object.fromEntries(
  Object.keys(reportedCounts.shape).map((name) => [name, 0]),
) as RunReport['counts'];

type Table = RunReport['tables'][number];

/** With 1,000 rows; of one that differs, 7 do. */
export function sampleTable(name: string, outcome: Table['outcome'], running = 0): Table {
  const done = outcome === null ? 0 : 1;
  const shards = { total: 1, planned: 1 - done - running, running, match: 0, differs: 0, inconclusive: 0 };
  const counts = { ...ZERO_COUNTS, rowsBase: 1000, rowsTarget: 1000, neq: outcome === 'differs' ? 7 : 0 };
  const ended = outcome === null ? {} : { [outcome]: 1 };
  return {
    ...{ name, outcome, refusal: null, counts, shards: { ...shards, ...ended } },
    ...{ schemaDifferences: [], inherited: 0, known: { kept: 0, beyond: 0 } },
  };
}

export function sampleTables(
  total: number,
  outcome: Table['outcome'],
  { prefix = 't', running = 0 } = {},
): Table[] {
  return Array.from({ length: total }, (_, i) => sampleTable(`${prefix}${i}`, outcome, running));
}

/** Settled and inconsistent, unless the changes say otherwise; the sums are those of the tables. */
export function sampleReport(tables: readonly Table[], changes: Partial<RunReport> = {}): RunReport {
  const spec = runSpec.parse({
    version: 1,
    ...{ runId: 'many', source: 'a', destination: 'b', direction: 'SRC', tables: [{ pattern: '*' }] },
  });
  return {
    ...{ version: 2, runId: 'many', generation: 1, direction: 'SRC', state: 'settled' },
    ...{ verdict: 'inconsistent', spec, complete: true, percent: 100, elapsedMs: 1000, rowsPerSecond: 1 },
    ...{ source: { connection: 'a', server: null }, destination: { connection: 'b', server: null } },
    ...{ etaMs: 0, convergence: null, pending: { rows: 0, candidates: 0 }, paused: false, follows: null },
    counts: added(
      ZERO_COUNTS,
      tables.map(({ counts }) => counts),
    ),
    shards: added(
      sampleTable('', 'match').shards,
      tables.map(({ shards }) => shards),
    ),
    tables: [...tables],
    ...{
      causes: [],
      causesBeyond: 0,
      failures: [],
      failuresTotal: 0,
      inherited: null,
      notes: [],
      unstable: [],
      pauses: [],
    },
    ...{ comparedFrom: 1, comparedTo: 2, createdAt: 1, plannedAt: 1, settledAt: 2 },
    ...changes,
  };
}

function added<T extends Readonly<Record<string, number>>>(shape: T, all: readonly T[]): T {
  const sums = Object.keys(shape).map((name) => [name, all.reduce((sum, one) => sum + (one[name] ?? 0), 0)]);
  return Object.fromEntries(sums) as T;
}
