/** For tests: a report of a settled run of two tables, with changes. */
import { type RunReport, withoutLags, zeroCounts } from '@rowparity/contracts';

type Table = RunReport['tables'][number];

export const NOON = Date.UTC(2026, 10, 26, 12);
const MINUTE_MS = 60_000;

const ZERO: Table['counts'] = withoutLags(zeroCounts());

export function countsOf(some: Partial<Table['counts']>): Table['counts'] {
  return { ...ZERO, ...some };
}

export function tableOf(name: string, changes: Partial<Table> = {}): Table {
  return {
    ...{ name, outcome: 'match', refusal: null, counts: countsOf({ rowsBase: 10, rowsTarget: 10 }) },
    shards: { total: 1, planned: 0, running: 0, match: 1, differs: 0, inconclusive: 0 },
    ...{ inherited: 0, schemaDifferences: [], known: { kept: 0, beyond: 0 } },
    ...changes,
  };
}

export function reportOf(changes: Partial<RunReport> = {}): RunReport {
  const place = (connection: string) => ({ connection, server: null });
  return {
    ...{ version: 2, runId: 'orders-1', generation: 1, direction: 'SRC', state: 'settled', paused: false },
    ...{ verdict: 'consistent', complete: true, source: place('old'), destination: place('new') },
    spec: { tables: [{ pattern: '*' }] } as unknown as RunReport['spec'],
    ...{ inherited: null, follows: null, percent: 100, elapsedMs: MINUTE_MS, rowsPerSecond: 40, etaMs: 0 },
    ...{ counts: countsOf({ rowsBase: 20, rowsTarget: 20 }), pending: { rows: 0, candidates: 0 } },
    convergence: null,
    shards: { total: 2, planned: 0, running: 0, match: 2, differs: 0, inconclusive: 0 },
    tables: [tableOf('customers'), tableOf('orders')],
    ...{ causes: [], causesBeyond: 0, failures: [], failuresTotal: 0, notes: [], unstable: [], pauses: [] },
    ...{ comparedFrom: NOON - 5 * MINUTE_MS, comparedTo: NOON - MINUTE_MS },
    ...{ createdAt: NOON - 6 * MINUTE_MS, plannedAt: NOON - 5 * MINUTE_MS, settledAt: NOON },
    ...changes,
  };
}
