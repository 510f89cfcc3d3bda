// A shard that may kill its process, on a real ledger.

import { Fault, runSpec } from '@rowparity/contracts';
import {
  ConvergenceTimes,
  planReader,
  Quarantine,
  type RowReader,
  WaitingShards,
  workShard,
} from '@rowparity/core';
import { expect, it } from 'vitest';
import { openSqliteLedger } from './index.ts';
import { plan, stubReader } from './testing/stubTable.ts';

const RUN = 'r';
const SUSPECT = 0;
const HEALTHY = 1;
const STRIKES_MAX = 20;

async function twoShards() {
  const ledger = openSqliteLedger({ path: ':memory:' });
  const tables = [{ name: 't' }];
  const spec = { version: 1, runId: RUN, source: 's', destination: 'd', direction: 'SRC', tables };
  await ledger.createRun(runSpec.parse(spec), 1);
  const planning = await ledger.beginPlanning(RUN);
  await ledger.addShards(planning, [
    { shard: SUSPECT, table: 0, range: { after: null, upTo: ['5'] } },
    { shard: HEALTHY, table: 0, range: { after: ['5'], upTo: null } },
  ]);
  await ledger.completePlan(planning, {
    tables: [{ names: { source: 't', destination: 't' }, plan, refusal: null, shards: 2, estimatedRows: 1 }],
    now: 2,
  });
  return ledger;
}

/** Every read waits until the test releases it, and then fails: the outcome of the shard does not matter here. */
function heldReader(held: Promise<void>): RowReader {
  return stubReader(async () => {
    await held;
    throw new Fault('permanent', { code: 'STATEMENT_FAILED', message: 'let go' });
  });
}

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20));

it('a shard that cost several attempts is worked on alone, and its turn costs it none while it waits', async () => {
  const ledger = await twoShards();
  const dead = { runId: RUN, shard: SUSPECT, holder: 'dead', strikesMax: STRIKES_MAX, now: 3 };
  for (let attempt = 1; attempt <= 3; attempt += 1) await ledger.claim(dead);
  const letGo = Promise.withResolvers<void>();
  const reader = heldReader(letGo.promise);
  const readers = { base: reader, target: reader };
  const deps = {
    ledger,
    readPlan: planReader(ledger),
    openReaders: () => ({ pages: readers, points: readers }),
    openSink: () => ({ publish: async () => {}, flush: async () => {} }),
    clock: { now: () => 3, steadyNow: () => 3, sleep: async () => {} },
    holder: 'this',
    quarantine: new Quarantine(),
    convergence: new ConvergenceTimes(),
    waiting: new WaitingShards(),
  };
  const stop = new AbortController();
  const healthy = workShard({ runId: RUN, shard: HEALTHY }, deps, stop.signal);
  const suspect = workShard({ runId: RUN, shard: SUSPECT }, deps, stop.signal);
  const healthyNow = async () => (await ledger.getShard(RUN, HEALTHY))?.holder;
  await expect.poll(healthyNow, { timeout: 10_000 }).toBe('this');
  await aMoment();
  expect(await ledger.getShard(RUN, HEALTHY)).toMatchObject({ state: 'running', holder: 'this' });
  expect(await ledger.getShard(RUN, SUSPECT)).toMatchObject({ state: 'planned' });
  letGo.resolve();
  expect([(await healthy).kind, (await suspect).kind]).toEqual(['ended', 'ended']);
  await ledger.close();
});

it('a shard that waits for its turn when the process ends is released, unclaimed', async () => {
  const ledger = await twoShards();
  const quarantine = new Quarantine();
  const stop = new AbortController();
  await quarantine.enter('alone', stop.signal);
  const unused = () => {
    throw new Error('not to be called');
  };
  const deps = {
    ...{
      ledger,
      quarantine,
      convergence: new ConvergenceTimes(),
      waiting: new WaitingShards(),
      holder: 'this',
      readPlan: unused,
      openReaders: unused,
      openSink: unused,
    },
    clock: { now: () => 3, steadyNow: () => 3, sleep: async () => {} },
  };
  const waiting = workShard({ runId: RUN, shard: HEALTHY }, deps, stop.signal);
  await aMoment();
  stop.abort(new Error('draining'));
  expect(await waiting).toEqual({ kind: 'released' });
  expect(await ledger.getShard(RUN, HEALTHY)).toMatchObject({ state: 'planned', attempt: 0 });
  await ledger.close();
});

it('a shard without a free connection for a long time is released, and costs no attempt', async () => {
  const ledger = await twoShards();
  const deps = {
    ledger,
    readPlan: planReader(ledger),
    openReaders: async () => {
      const message = 'no connection became free';
      throw new Fault('transient', { code: 'TOO_MANY_CONNECTIONS', message }, { place: 'process' });
    },
    openSink: () => ({ publish: async () => {}, flush: async () => {} }),
    clock: {
      now: () => 3,
      steadyNow: () => 3,
      sleep: () => Promise.reject(new Error('not to be waited for')),
    },
    holder: 'this',
    quarantine: new Quarantine(),
    convergence: new ConvergenceTimes(),
    waiting: new WaitingShards(),
  };
  const end = await workShard({ runId: RUN, shard: HEALTHY }, deps, new AbortController().signal);
  expect(end).toEqual({ kind: 'released' });
  expect(await ledger.getShard(RUN, HEALTHY)).toMatchObject({ state: 'planned' });
  await ledger.close();
});
