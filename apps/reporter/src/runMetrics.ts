/** The state of the open runs and of those lately settled, as gauges: read from the ledger at each scrape. */
import { type Ledger, reportOf } from '@rowparity/core';
import { createMetrics, Gauge } from '@rowparity/runtime';

/** Runs that a scrape shows; a run is a handful of series. */
const RUNS_MAX = 20;

export function runMetrics(ledger: Ledger, now: () => number) {
  const registry = createMetrics('reporter');
  const gauge = (name: string, help: string, labels: readonly string[]) =>
    new Gauge({ name, help, labelNames: ['run', ...labels], registers: [registry] });
  const shards = gauge('rowparity_run_shards', 'Shards of a run by state', ['state']);
  const rows = gauge('rowparity_run_rows', 'Rows compared and committed', ['side']);
  const found = gauge('rowparity_run_inconsistencies', 'Confirmed inconsistencies by type', ['type']);
  const percent = gauge('rowparity_run_progress_percent', 'Shards done, in percent', []);
  const verdict = gauge('rowparity_run_verdict', '1 for the verdict of a settled run', ['verdict']);

  async function refresh(): Promise<void> {
    for (const metric of [shards, rows, found, percent, verdict]) metric.reset();
    for (const { runId } of await ledger.listRuns(RUNS_MAX)) {
      const report = await reportOf(runId, ledger, now());
      if (!report) continue;
      const { total: _total, ...states } = report.shards;
      for (const [state, count] of Object.entries(states)) shards.set({ run: runId, state }, count);
      rows.set({ run: runId, side: 'base' }, report.counts.rowsBase);
      rows.set({ run: runId, side: 'target' }, report.counts.rowsTarget);
      found.set({ run: runId, type: 'target_missing' }, report.counts.targetMissing);
      found.set({ run: runId, type: 'neq' }, report.counts.neq);
      found.set({ run: runId, type: 'base_missing' }, report.counts.baseMissing);
      percent.set({ run: runId }, report.percent);
      if (report.verdict) verdict.set({ run: runId, verdict: report.verdict }, 1);
    }
  }

  return {
    async text(): Promise<string> {
      await refresh();
      return registry.metrics();
    },
  };
}
