import { Fault, runSpec, zeroCounts } from '@rowparity/contracts';
import type { Ledger } from '@rowparity/core';
import { openSqliteLedger } from '@rowparity/sqlite';
import { beforeEach, expect, it } from 'vitest';
import { runMetrics } from './runMetrics.ts';

let ledger: Ledger;

beforeEach(() => {
  ledger = openSqliteLedger({ path: ':memory:' });
});

async function plannedRun(runId: string, createdAt: number): Promise<void> {
  const spec = { version: 1, runId, source: 's', destination: 'd', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }] }), createdAt);
  const planning = await ledger.beginPlanning(runId);
  await ledger.addShards(planning, [{ shard: 0, table: 0, range: { after: null, upTo: null } }]);
  const table = {
    names: { source: 't', destination: 't' },
    plan: null,
    refusal: null,
    shards: 1,
    estimatedRows: 1,
  };
  await ledger.completePlan(planning, { tables: [table], now: 2 });
}

async function settledRun(runId: string): Promise<void> {
  await plannedRun(runId, 1);
  const claim = await ledger.claim({ runId, shard: 0, holder: 'w', strikesMax: 10, now: 3 });
  if (claim.kind !== 'claimed') throw new Error(claim.kind);
  const add = { ...zeroCounts(), rowsBase: 7, rowsTarget: 6, targetMissing: 1 };
  await ledger.finish(claim.hold, { checkpoint: null, add, outcome: 'differs', failure: null }, 4);
  await ledger.settle(runId, { verdict: 'inconsistent', failure: null, now: 5 });
}

/** What a scrape reads, by name. */
function counting(): { readonly reading: Ledger; readonly reads: Record<string, number> } {
  const reads: Record<string, number> = {};
  const reading = new Proxy(ledger, {
    get(whole, name) {
      const method = Reflect.get(whole, name);
      if (typeof method !== 'function') return method;
      reads[String(name)] = (reads[String(name)] ?? 0) + 1;
      return method.bind(whole);
    },
  });
  return { reading, reads };
}

it('a scrape reads no plan, and of a settled run nothing twice', async () => {
  await settledRun('done');
  await plannedRun('open', 2);
  const { reading, reads } = counting();
  const metrics = runMetrics(reading);
  await metrics.text();
  expect(reads).toEqual({ listRuns: 1, sums: 2 });
  const text = await metrics.text();
  expect(reads).toEqual({ listRuns: 2, sums: 3 });
  expect(text).toContain('rowparity_run_rows{run="done",side="base",app="reporter"} 7');
  expect(text).toContain('rowparity_run_inconsistencies{run="done",type="target_missing",app="reporter"} 1');
  expect(text).toContain('rowparity_run_verdict{run="done",verdict="inconsistent",app="reporter"} 1');
  expect(text).toContain('rowparity_run_progress_percent{run="done",app="reporter"} 100');
  expect(text).toContain('rowparity_run_shards{run="open",state="planned",app="reporter"} 1');
});

it('a paused run says so', async () => {
  for (const runId of ['open', 'paused']) await plannedRun(runId, 1);
  await ledger.pause('paused', 5);
  const text = await runMetrics(ledger).text();
  expect(text).toContain('rowparity_run_paused{run="paused",app="reporter"} 1');
  expect(text).toContain('rowparity_run_paused{run="open",app="reporter"} 0');
});

it('scrapes that come together share one reading', async () => {
  await plannedRun('open', 1);
  const { reading, reads } = counting();
  const metrics = runMetrics(reading);
  await Promise.all([metrics.text(), metrics.text(), metrics.text()]);
  expect(reads.listRuns).toBe(1);
});

it('a run that cannot be read is counted, and hides no other', async () => {
  await plannedRun('open', 1);
  const broken = { runId: 'broken', message: 'not readable' };
  const unreadable = new Fault('permanent', { code: 'RUN_UNREADABLE', message: 'not readable' });
  await plannedRun('half', 2);
  const text = await runMetrics({
    listRuns: async (limit) => ({ ...(await ledger.listRuns(limit)), unreadable: [broken] }),
    sums: (runId) => (runId === 'half' ? Promise.reject(unreadable) : ledger.sums(runId)),
  }).text();
  expect(text).toContain('rowparity_runs_unreadable{app="reporter"} 2');
  expect(text).toContain('rowparity_run_shards{run="open",state="planned",app="reporter"} 1');
});
