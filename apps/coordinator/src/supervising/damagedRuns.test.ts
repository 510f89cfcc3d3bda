import { setImmediate as turn } from 'node:timers/promises';
import { type Clock, Fault, runSpec } from '@rowparity/contracts';
import type { Ledger } from '@rowparity/core';
import { openSqliteLedger } from '@rowparity/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { backlogOf } from '../http/backlogOf.ts';
import { Supervisor, type SupervisorDeps } from './supervisor.ts';

/** As the supervisor has it. */
const TELL_AGAIN_MS = 60_000;
const UNREADABLE = new Fault('permanent', { code: 'RUN_UNREADABLE', message: 'not readable' });

let ledger: Ledger;
let supervisor: Supervisor;
let logged: object[];
let supervisorClock: Clock;

beforeEach(() => {
  ledger = openSqliteLedger({ path: ':memory:' });
  logged = [];
  supervisorClock = clock();
});

afterEach(() => supervisor.stop());

async function run(runId: string): Promise<void> {
  const spec = { version: 1, runId, source: 's', destination: 'd', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }] }), 1);
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

/** Sleeps take no time. */
function clock(): Clock {
  let ms = 0;
  return {
    now: () => ms,
    steadyNow: () => ms,
    async sleep(forMs, signal) {
      ms += forMs;
      await turn();
      signal.throwIfAborted();
    },
  };
}

function supervise(changes: Partial<Ledger>) {
  const queued = new Set<string>();
  const shardQueue = {
    add: async ({ runId }: { readonly runId: string }) => void queued.add(runId),
    missing: async () => [],
    remove: async () => 0,
  };
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object) => void logged.push(fields),
  };
  const lease = { term: { number: 1, signal: new AbortController().signal } };
  const odd = { ...ledger, ...changes };
  const catalog = () => {
    throw new Error('no table has a plan');
  };
  const deps = { lease, ledger: odd, shardQueue, catalog, clock: supervisorClock, log };
  supervisor = new Supervisor(deps as unknown as SupervisorDeps);
  supervisor.start();
  return { queued, ledger: odd };
}

it('a run that cannot be read starves no other, and is told of once in a while', async () => {
  for (const runId of ['broken', 'sound']) await run(runId);
  const orThrow = (runId: string) => (runId === 'broken' ? Promise.reject(UNREADABLE) : undefined);
  const { queued, ledger: odd } = supervise({
    getRun: (runId) => orThrow(runId) ?? ledger.getRun(runId),
  });
  await expect.poll(() => [...queued]).toEqual(['sound']);
  // The clock of this test runs as fast as the machine can: how often is counted in its time.
  await expect.poll(() => logged.length).toBeGreaterThan(1);
  expect(logged.length).toBeLessThanOrEqual(1 + Math.floor(supervisorClock.now() / TELL_AGAIN_MS));
  for (const one of logged) expect(one).toMatchObject({ runId: 'broken', err: { code: 'RUN_UNREADABLE' } });
  expect(await backlogOf(odd)).toBe(1);
});

it('a run of which a part is lost is settled, inconclusive, with what is missing', async () => {
  for (const runId of ['broken', 'sound']) await run(runId);
  const { queued } = supervise({
    damageOf: async (runId) => (runId === 'broken' ? ['the totals (0 of 1 shards are there)'] : []),
  });
  await expect.poll(async () => (await ledger.getRun('broken'))?.state).toBe('settled');
  expect(await ledger.getRun('broken')).toMatchObject({
    verdict: 'inconclusive',
    failure: { code: 'RUN_DAMAGED', message: expect.stringContaining('the totals (0 of 1') },
  });
  await expect.poll(() => [...queued]).toEqual(['sound']);
});

it.each([false, true])(
  'a run whose parts hold something else is settled, too; cancelled: %s',
  async (isCancelled) => {
    await run('broken');
    if (isCancelled) await ledger.requestCancel('broken');
    const totals = () => Promise.reject(UNREADABLE);
    let isFound = false;
    const damageOf = async () => {
      isFound = !isFound;
      return isFound && !isCancelled ? [] : ['the totals (its key holds something else)'];
    };
    supervise({ totals, sums: totals, damageOf });
    await expect.poll(async () => (await ledger.getRun('broken'))?.state).toBe('settled');
    expect((await ledger.getRun('broken'))?.failure?.code).toBe('RUN_DAMAGED');
  },
);

it('an order whose run is gone ends, and does not wait forever', async () => {
  supervise({});
  await expect(supervisor.untilSettled('gone', new AbortController().signal)).rejects.toMatchObject({
    class: 'permanent',
    code: 'RUN_DAMAGED',
  });
});

it('an open run without a record is removed from the list', async () => {
  const deleted: string[] = [];
  supervise({
    openRuns: async () => (deleted.length === 0 ? ['gone'] : []),
    deleteRun: async (runId) => {
      deleted.push(runId);
      return 'unknown';
    },
  });
  await expect.poll(() => deleted).toEqual(['gone']);
});
