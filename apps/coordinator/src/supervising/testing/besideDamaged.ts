/** For tests: a run with a damaged record beside a healthy one, under a supervisor on a real ledger. */
import { runSpec, zeroCounts } from '@rowparity/contracts';
import type { Ledger } from '@rowparity/core';
import { systemClock } from '@rowparity/runtime';
import { expect } from 'vitest';
import { backlogOf } from '../../http/backlogOf.ts';
import { Supervisor, type SupervisorDeps } from '../supervisor.ts';

export const BROKEN = 'broken';
const HEALTHY = 'healthy';
const WAIT = { timeout: 10_000 };

/** Both runs are planned; the only shard of the healthy one is done. */
export async function twoRuns(ledger: Ledger): Promise<void> {
  for (const runId of [BROKEN, HEALTHY]) {
    const spec = { version: 1, runId, source: 's', destination: 'd', direction: 'SRC' };
    await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }] }), 1);
    const planning = await ledger.beginPlanning(runId);
    await ledger.addShards(planning, [{ shard: 0, table: 0, range: { after: null, upTo: null } }]);
    const names = { source: 't', destination: 't' };
    const table = { names, plan: null, refusal: null, shards: 1, estimatedRows: 1 };
    await ledger.completePlan(planning, { tables: [table], now: 2 });
  }
  const claim = { runId: HEALTHY, shard: 0, holder: 'w', strikesMax: 10, now: 3 };
  const claimed = await ledger.claim(claim);
  if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
  const add = { ...zeroCounts(), rowsBase: 7, rowsTarget: 6, targetMissing: 1 };
  await ledger.finish(claimed.hold, { checkpoint: null, add, outcome: 'differs', failure: null }, 4);
}

export interface Expected {
  /** Whether lists can still show the damaged run. */
  readonly isListed: boolean;
}

export async function expectHealthySettles(ledger: Ledger, { isListed }: Expected): Promise<void> {
  const supervisor = new Supervisor(partsOf(ledger));
  supervisor.start();
  try {
    await expect.poll(async () => (await ledger.getRun(HEALTHY))?.state, WAIT).toBe('settled');
  } finally {
    await supervisor.stop();
  }
  expect(await ledger.getRun(HEALTHY)).toMatchObject({ verdict: 'inconsistent' });
  const { runs, unreadable } = await ledger.listRuns(10);
  expect(runs.map(({ runId }) => runId).sort()).toEqual(isListed ? [BROKEN, HEALTHY] : [HEALTHY]);
  expect(unreadable.map(({ runId }) => runId)).toEqual(isListed ? [] : [BROKEN]);
  expect(await backlogOf(ledger)).toBe(isListed ? 1 : 0);
  expect((await ledger.sums(HEALTHY)).counts.targetMissing).toBe(1);
}

function partsOf(ledger: Ledger): SupervisorDeps {
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const shardQueue = { add: async () => undefined, missing: async () => [], remove: async () => 0 };
  const catalog = () => {
    throw new Error('no table has a plan');
  };
  const lease = { term: { number: 1, signal: new AbortController().signal } };
  return { lease, ledger, shardQueue, catalog, clock: systemClock, log: quiet } as unknown as SupervisorDeps;
}
