import { setImmediate as turn } from 'node:timers/promises';
import { type FailureCode, Fault, type FaultClass, runSpec } from '@rowparity/contracts';
import { ConvergenceTimes, HeldRuns, type Ledger, Quarantine, WaitingShards } from '@rowparity/core';
import { createLog } from '@rowparity/runtime';
import { openSqliteLedger } from '@rowparity/sqlite';
import { expect, it } from 'vitest';
import { type HandlerDeps, handleShard } from './handleShard.ts';

const RUN = 'run-1';

async function runOfTwoShards(): Promise<Ledger> {
  const ledger = openSqliteLedger({ path: ':memory:' });
  const spec = { version: 1, runId: RUN, source: 's', destination: 'd', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }] }), 1);
  const planning = await ledger.beginPlanning(RUN);
  await ledger.addShards(planning, [
    { shard: 0, table: 0, range: { after: null, upTo: ['5'] } },
    { shard: 1, table: 0, range: { after: ['5'], upTo: null } },
  ]);
  const names = { source: 't', destination: 't' };
  const table = { names, plan: null, refusal: null, shards: 2, estimatedRows: 1 };
  await ledger.completePlan(planning, { tables: [table], now: 2 });
  return ledger;
}

/** The plan of the run cannot be read. */
function partsOn(ledger: Ledger, faultClass: FaultClass, code: FailureCode): HandlerDeps {
  const fault = new Fault(faultClass, { code, message: 'why' }, { place: 'ledger' });
  const unused = () => Promise.reject(new Error('expected no work on rows'));
  return {
    ...{ ledger, openReaders: unused, openSink: unused, onEnd: () => undefined },
    ...{
      holder: 'w',
      quarantine: new Quarantine(),
      convergence: new ConvergenceTimes(),
      waiting: new WaitingShards(),
      runs: new HeldRuns({ ledger, clock: { sleep: async () => {} }, onError: () => undefined }),
      log: createLog('worker', 'silent'),
    },
    readPlan: () => Promise.reject(fault),
    clock: { now: () => 3, steadyNow: () => 3, sleep: async () => {} },
  };
}

const never = new AbortController().signal;
const job = (shard: number) => ({ version: 2, runId: RUN, generation: 1, shard }) as const;

it('the first worker that meets an unreadable plan ends the run, and no shard costs more attempts', async () => {
  const ledger = await runOfTwoShards();
  const parts = partsOn(ledger, 'permanent', 'RUN_UNREADABLE');
  expect(await handleShard(job(0), { signal: never }, parts)).toBe('done');
  expect(await ledger.getRun(RUN)).toMatchObject({
    ...{ state: 'settled', verdict: 'inconclusive' },
    failure: { code: 'RUN_UNREADABLE', message: 'why' },
  });
  expect(await handleShard(job(1), { signal: never }, parts)).toBe('done');
  expect(await ledger.getShard(RUN, 1)).toMatchObject({ attempt: 0 });
});

it('a ledger that cannot be reached for a moment ends no run: the job is tried again', async () => {
  const ledger = await runOfTwoShards();
  const parts = partsOn(ledger, 'transient', 'CONNECTION_LOST');
  await expect(handleShard(job(0), { signal: never }, parts)).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
  });
  expect(await ledger.getRun(RUN)).toMatchObject({ state: 'running' });
});

/** A shard that reads until it is aborted. */
function endlessReading(ledger: Ledger) {
  const { promise: isReading, resolve: begin } = Promise.withResolvers<void>();
  const spec = { source: 's', destination: 'd', recheck: { fence: 'none' } };
  const parts = {
    ...partsOn(ledger, 'permanent', 'INTERNAL'),
    runs: new HeldRuns({ ledger, clock: { sleep: () => turn() }, onError: () => undefined }),
    readPlan: async () => ({ spec, plan: {}, tablesIn: () => [{ name: 't', plan: {} }] }),
    openSink: async () => ({}),
    openReaders: (_run: unknown, _plan: unknown, signal: AbortSignal) =>
      new Promise((_, reject) => {
        begin();
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  } as unknown as HandlerDeps;
  return { parts, isReading };
}

it('a pause takes a reading shard from its worker: it is handed back, and so is its job', async () => {
  const ledger = await runOfTwoShards();
  const { parts, isReading } = endlessReading(ledger);
  const end = handleShard(job(0), { signal: never }, parts);
  await isReading;
  await ledger.pause(RUN, 5);
  expect(await end).toBe('released');
  expect(await ledger.getShard(RUN, 0)).toMatchObject({ state: 'planned', attempt: 1 });
  // The job comes to a claim once more, and leaves the queue.
  expect(await handleShard(job(0), { signal: never }, parts)).toBe('done');
  expect(await ledger.getShard(RUN, 0)).toMatchObject({ state: 'planned', attempt: 1 });
});

it('a cancel takes a reading shard from its worker, and its job is over', async () => {
  const ledger = await runOfTwoShards();
  const { parts, isReading } = endlessReading(ledger);
  const end = handleShard(job(0), { signal: never }, parts);
  await isReading;
  await ledger.requestCancel(RUN);
  expect(await end).toBe('done');
});
