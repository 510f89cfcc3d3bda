import { setImmediate as turn } from 'node:timers/promises';
import { type Clock, Fault, runSpec, zeroCounts } from '@rowparity/contracts';
import type { Ledger } from '@rowparity/core';
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

/** Shards of which two may be on the queue at once. */
async function plannedRun(ledger: Ledger, runId: string, count = 3): Promise<void> {
  await orderedRun(ledger, runId);
  const planning = await ledger.beginPlanning(runId);
  const cut = (shard: number) => (shard === 0 || shard === count ? null : [String(shard)]);
  const shards = Array.from({ length: count }, (_, shard) => ({
    ...{ shard, table: 0, range: { after: cut(shard), upTo: cut(shard + 1) } },
  }));
  await ledger.addShards(planning, shards);
  const names = { source: 't', destination: 't' };
  const table = { names, plan: null, refusal: null, shards: count, estimatedRows: 1 };
  await ledger.completePlan(planning, { tables: [table], now: 2 });
}

async function orderedRun(ledger: Ledger, runId: string): Promise<void> {
  const spec = { version: 1, runId, source: 's', destination: 'd', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }], shard: { window: 2 } }), 1);
}

/** A queue in memory, and servers that never answer. */
function superviseRuns(
  ledger: Ledger,
  hooks: {
    missing?(): Promise<unknown>;
    removed?(): Promise<unknown>;
    added?(shards: readonly number[], nowMs: number): Promise<unknown>;
  } = {},
) {
  const clock = new QuickClock();
  const queue = new Set<number>();
  const asking: AbortSignal[] = [];
  const times = { addedAtMs: 0 };
  const shardQueue: Partial<SupervisorDeps['shardQueue']> = {
    async add(_, added) {
      for (const shard of added) queue.add(shard);
      if (added.length > 0) times.addedAtMs = clock.steadyNow();
      await hooks.added?.(added, clock.steadyNow());
    },
    async missing(_, asked) {
      await hooks.missing?.();
      return asked.filter((shard) => !queue.has(shard));
    },
    async remove(_, removed) {
      const count = removed.filter((shard) => queue.delete(shard)).length;
      await hooks.removed?.();
      return count;
    },
  };
  const identify = (signal: AbortSignal) =>
    new Promise((_, reject) => {
      asking.push(signal);
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const term = { number: 1, signal: new AbortController().signal };
  const log = { warn: () => undefined, info: () => undefined, error: () => undefined };
  const deps = { lease: { term }, ledger, shardQueue, catalog: () => ({ identify }), clock, log };
  const supervisor = new Supervisor(deps as unknown as SupervisorDeps);
  supervisor.start();
  return { supervisor, clock, queue, asking, times };
}

it('the jobs of a paused run leave the queue, a plan that is under way is dropped, and a resume brings them back', async () => {
  const ledger = openSqliteLedger({ path: ':memory:' });
  await plannedRun(ledger, 'running');
  await orderedRun(ledger, 'unplanned');
  const { supervisor, queue, asking } = superviseRuns(ledger);
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

  for (const runId of ['running', 'unplanned']) await ledger.resume(runId, 20);
  await expect.poll(() => [...queue].sort()).toEqual([0, 1]);
  await expect.poll(() => asking.length).toBe(4);
  await ledger.requestCancel('unplanned');
  await expect.poll(() => asking.every(({ aborted }) => aborted)).toBe(true);
  await expect.poll(async () => (await ledger.getRun('unplanned'))?.failure?.code).toBe('RUN_CANCELLED');
  await supervisor.stop();
});

it('a resume right after a pause brings the jobs back at once, not with the next search for lost jobs', async () => {
  const ledger = openSqliteLedger({ path: ':memory:' });
  await plannedRun(ledger, 'r');
  let step: 'search' | 'pause' | 'resumed' = 'search';
  let resumedAtMs = 0;
  const { supervisor, clock, queue, times } = superviseRuns(ledger, {
    async missing() {
      if (step !== 'search') return;
      step = 'pause';
      await ledger.pause('r', 10);
    },
    async removed() {
      step = 'resumed';
      resumedAtMs = clock.steadyNow();
      await ledger.resume('r', 20);
    },
  });
  await expect.poll(() => step === 'resumed' && [...queue].sort()).toEqual([0, 1]);
  // By the clock of the test.
  expect(times.addedAtMs - resumedAtMs).toBeLessThan(1000);
  await supervisor.stop();
});

it('a window whose shards end quickly is filled again soon', async () => {
  const ledger = openSqliteLedger({ path: ':memory:' });
  await plannedRun(ledger, 'r', 9);
  const filledAtMs: number[] = [];
  const { supervisor } = superviseRuns(ledger, {
    async added(shards, nowMs) {
      if (shards.length > 0) filledAtMs.push(nowMs);
      for (const shard of shards) await endShard(ledger, shard);
    },
  });
  await expect.poll(() => filledAtMs).toHaveLength(5);
  const pauses = filledAtMs.slice(1).map((ms, i) => ms - (filledAtMs[i] ?? 0));
  // Four times two shards of a window of two.
  expect(pauses).toEqual([40, 40, 40, 40]);
  await supervisor.stop();
});

async function endShard(ledger: Ledger, shard: number): Promise<void> {
  const claimed = await ledger.claim({ runId: 'r', shard, holder: 'w', strikesMax: 10, now: 3 });
  if (claimed.kind !== 'claimed') throw new Error(`shard ${shard}: ${claimed.kind}`);
  const end = {
    checkpoint: claimed.shard.range.upTo,
    add: zeroCounts(),
    outcome: 'match',
    failure: null,
  } as const;
  await ledger.finish(claimed.hold, end, 4);
}
