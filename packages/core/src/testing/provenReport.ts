/** The report of a run that proves that both sides hold the same rows, for tests of what a report leads to. */
import { type RunReport, reportedCounts, runSpec } from '@rowparity/contracts';

export const NOW = 1_800_000_000_000;
export const HOUR_MS = 3_600_000;
export const zero = Object.fromEntries(
  Object.keys(reportedCounts.shape).map((name) => [name, 0]),
) as RunReport['counts'];
export const tally = { total: 4, planned: 0, running: 0, match: 4, differs: 0, inconclusive: 0 };
const spec = runSpec.parse({
  version: 1,
  ...{ runId: 'run-1', source: 'a', destination: 'b', direction: 'SRC', tables: [{ pattern: '*' }] },
});

/** With changes. */
export function provenReport(changes: Partial<RunReport> = {}): RunReport {
  const counts = { ...zero, rowsBase: 10, rowsTarget: 10, ...changes.counts };
  const table = {
    name: 'orders',
    outcome: 'match' as const,
    refusal: null,
    counts,
    shards: tally,
    inherited: 0,
  };
  return {
    ...{
      version: 2,
      runId: 'run-1',
      generation: 1,
      direction: 'SRC',
      state: 'settled',
      verdict: 'consistent',
    },
    ...{ source: { connection: 'a', server: null }, destination: { connection: 'b', server: null }, spec },
    ...{ complete: true, percent: 100, elapsedMs: 1, rowsPerSecond: 1, etaMs: 0, counts, shards: tally },
    ...{
      pending: { rows: 0, candidates: 0 },
      convergence: null,
      tables: [table],
      failures: [],
      failuresTotal: 0,
    },
    ...{
      paused: false,
      inherited: null,
      notes: [],
      unstable: [],
      pauses: [],
      comparedFrom: NOW - HOUR_MS,
      comparedTo: NOW - 1000,
    },
    ...{ createdAt: NOW - HOUR_MS, plannedAt: NOW - HOUR_MS, settledAt: NOW },
    ...changes,
  } as RunReport;
}
