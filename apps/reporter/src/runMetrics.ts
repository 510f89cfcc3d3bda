/**
 * The state of the open runs and of the last settled ones, as gauges. A scrape reads a few numbers of each run and no
 * plan. It reads a settled run only once, because it never changes.
 */
import type { RunHeader } from '@rowparity/contracts';
import { isUnreadable, type LedgerReadings, shardsOf, type TableTotals } from '@rowparity/core';
import { createMetrics, Gauge } from '@rowparity/runtime';

/** Runs that a scrape shows; a run is a handful of series. */
const RUNS_MAX = 20;

type Reading = Pick<LedgerReadings, 'listRuns' | 'sums'>;

interface Shown {
  readonly header: RunHeader;
  readonly sums: TableTotals;
}

export function runMetrics(ledger: Reading) {
  const gauges = makeGauges();
  const readRuns = runReader(ledger);
  /** Scrapes that come together share one reading. */
  let reading: Promise<string> | undefined;

  const read = async (): Promise<string> => {
    const { runs, unreadable } = await readRuns();
    gauges.show(runs, unreadable);
    return gauges.registry.metrics();
  };
  return {
    registry: gauges.registry,
    text(): Promise<string> {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
  };
}

function makeGauges() {
  const registry = createMetrics('reporter');
  const gauge = (name: string, help: string, labels: readonly string[]) =>
    new Gauge({ name, help, labelNames: ['run', ...labels], registers: [registry] });
  const shards = gauge('rowparity_run_shards', 'Shards of a run by state', ['state']);
  const rows = gauge('rowparity_run_rows', 'Rows compared and committed', ['side']);
  const found = gauge('rowparity_run_inconsistencies', 'Confirmed inconsistencies by type', ['type']);
  const percent = gauge('rowparity_run_progress_percent', 'Shards done, in percent', []);
  const paused = gauge('rowparity_run_paused', '1 while the run is paused, else 0', []);
  const verdict = gauge('rowparity_run_verdict', '1 for the verdict of a settled run', ['verdict']);
  const unreadable = new Gauge({
    name: 'rowparity_runs_unreadable',
    help: 'Runs whose record in the ledger cannot be read',
    registers: [registry],
  });

  function showRun({ header, sums }: Shown): void {
    const run = header.runId;
    for (const [state, count] of Object.entries(sums.shards)) shards.set({ run, state }, Math.max(0, count));
    rows.set({ run, side: 'base' }, sums.counts.rowsBase);
    rows.set({ run, side: 'target' }, sums.counts.rowsTarget);
    found.set({ run, type: 'target_missing' }, sums.counts.targetMissing);
    found.set({ run, type: 'neq' }, sums.counts.neq);
    found.set({ run, type: 'base_missing' }, sums.counts.baseMissing);
    percent.set({ run }, percentOf({ header, sums }));
    paused.set({ run }, header.pausedAt === null ? 0 : 1);
    if (header.verdict) verdict.set({ run, verdict: header.verdict }, 1);
  }

  return {
    registry,
    show(runs: readonly Shown[], unreadableRuns: number): void {
      for (const metric of [shards, rows, found, percent, paused, verdict]) metric.reset();
      for (const run of runs) showRun(run);
      unreadable.set(unreadableRuns);
    },
  };
}

function runReader(ledger: Reading) {
  const settled = new Map<string, Shown>();
  return async () => {
    const list = await ledger.listRuns(RUNS_MAX);
    const runs: Shown[] = [];
    let unreadable = list.unreadable.length;
    for (const header of list.runs) {
      const known = settled.get(header.runId);
      const shown = known?.header.settledAt === header.settledAt ? known : await readOne(header, ledger);
      if (!shown) unreadable += 1;
      else {
        if (header.state === 'settled') settled.set(header.runId, shown);
        runs.push(shown);
      }
    }
    const listed = new Set(list.runs.map(({ runId }) => runId));
    for (const runId of settled.keys()) if (!listed.has(runId)) settled.delete(runId);
    return { runs, unreadable };
  };
}

async function readOne(header: RunHeader, ledger: Reading): Promise<Shown | undefined> {
  try {
    return { header, sums: await ledger.sums(header.runId) };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return undefined;
  }
}

/** Floor, so that 100 means all. */
function percentOf({ header, sums: { shards } }: Shown): number {
  const total = shardsOf(shards);
  if (total === 0) return header.state === 'settled' ? 100 : 0;
  return Math.floor(((shards.match + shards.differs + shards.inconclusive) / total) * 1000) / 10;
}
