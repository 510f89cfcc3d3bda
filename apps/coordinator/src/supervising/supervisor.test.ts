import { setImmediate as turn } from 'node:timers/promises';
import { type Clock, Fault, runSpec } from '@rowparity/contracts';
import { openSqliteLedger } from '@rowparity/sqlite';
import { expect, it } from 'vitest';
import { Supervisor, type SupervisorDeps } from './supervisor.ts';

/** Each sleep takes its time at once, and lets everything else have a turn. */
class QuickClock implements Clock {
  #ms = 0;
  sleeps = 0;

  now(): number {
    return this.#ms;
  }

  steadyNow(): number {
    return this.#ms;
  }

  advance(ms: number): void {
    this.#ms += ms;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.#ms += ms;
    this.sleeps += 1;
    await turn();
    signal.throwIfAborted();
  }
}

function supervise(openRuns: () => Promise<readonly string[]>) {
  const clock = new QuickClock();
  const term = { number: 1, signal: new AbortController().signal };
  const log = { warn: () => undefined };
  const deps = { lease: { term }, ledger: { openRuns }, clock, log } as unknown as SupervisorDeps;
  const supervisor = new Supervisor(deps);
  supervisor.start();
  return { supervisor, clock };
}

it('an unreachable ledger does not make the supervisor silent: a restart would not help', async () => {
  const away = new Fault('transient', { code: 'SERVER_UNREACHABLE', message: 'gone' });
  const { supervisor, clock } = supervise(() => Promise.reject(away));
  await expect.poll(() => clock.sleeps).toBeGreaterThan(1000);
  expect(clock.steadyNow()).toBeGreaterThan(60_000);
  expect(supervisor.silentMs).toBeLessThan(1000);
  await supervisor.stop();
});

it('a look that never ends does', async () => {
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  const { supervisor, clock } = supervise(() => promise);
  await turn();
  clock.advance(61_000);
  expect(supervisor.silentMs).toBe(61_000);
  resolve([]);
  await supervisor.stop();
});

it('the jobs of a paused run leave the queue, a plan that is under way is dropped, and a resume brings them back', async () => {
  const ledger = openSqliteLedger({ path: ':memory:' });
  for (const runId of ['running', 'unplanned']) {
    const spec = { version: 1, runId, source: 's', destination: 'd', direction: 'SRC' };
    await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }], shard: { window: 2 } }), 1);
  }
  const planning = await ledger.beginPlanning('running');
  const cuts = [null, ['1'], ['2'], null];
  const shards = [0, 1, 2].map((shard) => ({
    ...{ shard, table: 0, range: { after: cuts[shard] ?? null, upTo: cuts[shard + 1] ?? null } },
  }));
  await ledger.addShards(planning, shards);
  const names = { source: 't', destination: 't' };
  const table = { names, plan: null, refusal: null, shards: 3, estimatedRows: 1 };
  await ledger.completePlan(planning, { tables: [table], now: 2 });

  const clock = new QuickClock();
  const queue = new Set<number>();
  let addedAtMs = 0;
  const shardQueue = {
    async add(_: unknown, added: readonly number[]) {
      for (const shard of added) queue.add(shard);
      if (added.length > 0) addedAtMs = clock.steadyNow();
    },
    missing: async (_: string, asked: readonly number[]) => asked.filter((shard) => !queue.has(shard)),
    remove: async (_: string, removed: readonly number[]) =>
      removed.filter((shard) => queue.delete(shard)).length,
  };
  /** The server of the other run does not answer. */
  const asking: AbortSignal[] = [];
  const catalog = () => ({
    identify: (signal: AbortSignal) =>
      new Promise((_, reject) => {
        asking.push(signal);
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  });
  const term = { number: 1, signal: new AbortController().signal };
  const log = { warn: () => undefined, info: () => undefined, error: () => undefined };
  const deps = { lease: { term }, ledger, shardQueue, catalog, clock, log } as unknown as SupervisorDeps;
  const supervisor = new Supervisor(deps);
  supervisor.start();
  await expect.poll(() => [...queue]).toEqual([0, 1]);
  await expect.poll(() => asking.length).toBe(2);

  for (const runId of ['running', 'unplanned']) await ledger.pause(runId, 10);
  await expect.poll(() => [...queue]).toEqual([]);
  await expect.poll(() => asking.every(({ aborted }) => aborted)).toBe(true);
  expect(await ledger.getRun('unplanned')).toMatchObject({ state: 'planning', pausedAt: 10 });
  // A worker that was told late puts a job back.
  queue.add(1);
  await expect.poll(() => [...queue]).toEqual([]);
  expect(asking).toHaveLength(2);

  const resumedAtMs = clock.steadyNow();
  for (const runId of ['running', 'unplanned']) await ledger.resume(runId, 20);
  await expect.poll(() => [...queue].sort()).toEqual([0, 1]);
  // By the clock of the test: at the next looks, and not with the search for lost jobs.
  expect(addedAtMs - resumedAtMs).toBeLessThan(5000);
  await expect.poll(() => asking.length).toBe(4);
  await ledger.requestCancel('unplanned');
  await expect.poll(() => asking.every(({ aborted }) => aborted)).toBe(true);
  await expect.poll(async () => (await ledger.getRun('unplanned'))?.failure?.code).toBe('RUN_CANCELLED');
  await supervisor.stop();
});
