import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ShardJob } from '@rowparity/contracts';
import { systemClock } from '@rowparity/runtime';
import { Queue } from 'bullmq';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type TestRedis, testRedis } from '../testing/testRedis.ts';
import { JobRefused } from './jobRefused.ts';
import { JobStopped } from './jobStopped.ts';
import type { JobWorker } from './jobWorker.ts';
import { SHARD_QUEUE } from './queueSettings.ts';
import { createShardQueue, type ShardQueue } from './shardQueue.ts';
import { createShardWorker, type ShardWorkerOptions } from './shardWorker.ts';

/** Short enough that a killed worker is missed within seconds. */
const TIMES = { lockMs: 1000, stalledCheckMs: 300 };
const WAIT = { timeout: 15_000, interval: 20 };

let test: TestRedis;
let queue: ShardQueue;
let workers: JobWorker[];
let errors: Error[];

beforeEach(() => {
  test = testRedis('jobs');
  queue = createShardQueue(test.redis, { prefix: test.prefix, onError: () => {} });
  workers = [];
  errors = [];
});

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.drain()));
  await queue.close();
  await test.cleanUp();
});

function work(handle: ShardWorkerOptions['handle'], concurrency = 4): JobWorker {
  const onError = (error: Error) => void errors.push(error);
  const { redis, prefix } = test;
  const worker = createShardWorker({
    redis,
    prefix,
    concurrency,
    clock: systemClock,
    onError,
    handle,
    ...TIMES,
  });
  workers.push(worker);
  return worker;
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

it('a job on the queue reaches a worker, and its id is free again afterwards', async () => {
  const seen: ShardJob[] = [];
  work(async (job) => {
    seen.push(job);
    return 'done';
  });
  await queue.add({ runId: 'run-1', generation: 1 }, [7, 8]);
  await vi.waitFor(async () => expect(await queue.missing('run-1', [7, 8])).toEqual([7, 8]), WAIT);
  expect(seen).toEqual([7, 8].map((shard) => ({ version: 2, runId: 'run-1', generation: 1, shard })));
});

it('a shard added twice has one job', async () => {
  await queue.add({ runId: 'run-1', generation: 1 }, [0, 1]);
  await queue.add({ runId: 'run-1', generation: 1 }, [1, 2]);
  expect(await queue.counts()).toEqual({ waiting: 3, active: 0, delayed: 0 });
});

it('more shards than one bulk holds are all added, and a run is not another run', async () => {
  const shards = Array.from({ length: 1201 }, (_, shard) => shard);
  await queue.add({ runId: '1', generation: 1 }, shards);
  expect(await queue.counts()).toMatchObject({ waiting: 1201 });
  expect(await queue.missing('1', [...shards, 1201])).toEqual([1201]);
  expect(await queue.missing('1-1', [0])).toEqual([0]);
});

it('waiting jobs can be taken off the queue, and a held one runs to its end', async () => {
  const held = Promise.withResolvers<void>();
  work(async () => {
    await held.promise;
    return 'done';
  }, 1);
  await queue.add({ runId: 'run-1', generation: 1 }, [0, 1, 2]);
  await vi.waitFor(async () => expect((await queue.counts()).active).toBe(1), WAIT);
  expect(await queue.remove('run-1', [0, 1, 2])).toBe(2);
  held.resolve();
  await vi.waitFor(async () => expect(await queue.missing('run-1', [0, 1, 2])).toEqual([0, 1, 2]), WAIT);
});

it('a job that throws is tried again, and its error reaches onError but not Redis', async () => {
  let tries = 0;
  work(async () => {
    tries++;
    if (tries === 1) throw new TypeError('row value 4711');
    return 'done';
  });
  await queue.add({ runId: 'run-1', generation: 1 }, [0]);
  const stored = await vi.waitFor(async () => {
    const fields = await test.redis.hgetall(`${test.prefix}:${SHARD_QUEUE}:run-1~0`);
    expect(fields.failedReason ?? fields.stacktrace).toBeDefined();
    return JSON.stringify(fields);
  }, WAIT);
  expect(stored).not.toContain('4711');
  await vi.waitFor(async () => expect(await queue.missing('run-1', [0])).toEqual([0]), WAIT);
  expect(tries).toBe(2);
  expect(errors.map(({ message }) => message)).toContain('row value 4711');
});

it('what is not a shard job of this version is given up at once', async () => {
  const stranger = new Queue(SHARD_QUEUE, { connection: test.redis, prefix: test.prefix });
  const handle = vi.fn(async () => 'done' as const);
  work(handle);
  await stranger.add(
    'shard',
    { version: 99, runId: 'run-1', shard: 0 },
    { jobId: 'run-1~0', removeOnFail: true },
  );
  await vi.waitFor(() => expect(errors[0]).toBeInstanceOf(JobRefused), WAIT);
  await vi.waitFor(async () => expect(await queue.missing('run-1', [0])).toEqual([0]), WAIT);
  expect(handle).not.toHaveBeenCalled();
  await stranger.close();
});

it('a job with fields without end is given up in few words', async () => {
  const stranger = new Queue(SHARD_QUEUE, { connection: test.redis, prefix: test.prefix });
  work(vi.fn(async () => 'done' as const));
  const fields = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`field_${i}`, i]));
  await stranger.add('shard', fields, { jobId: 'run-1~0' });
  const reason = await vi.waitFor(async () => {
    const failed = await test.redis.hget(`${test.prefix}:${SHARD_QUEUE}:run-1~0`, 'failedReason');
    expect(failed).toBeTruthy();
    return String(failed);
  }, WAIT);
  expect(reason.length).toBeLessThan(4000);
  await stranger.close();
});

it('a draining worker hands its jobs back, and the next one takes them at once', async () => {
  const reasons: unknown[] = [];
  const first = work(async (_, { signal }) => {
    await untilAborted(signal);
    reasons.push(signal.reason);
    return 'released';
  }, 2);
  await queue.add({ runId: 'run-1', generation: 1 }, [0, 1, 2]);
  await vi.waitFor(() => expect(first.health().active).toBe(2), WAIT);
  expect(await first.drain()).toBe(true);
  expect(reasons).toEqual([new JobStopped('draining'), new JobStopped('draining')]);
  expect(await queue.counts()).toEqual({ waiting: 3, active: 0, delayed: 0 });

  const seen = new Set<number>();
  work(async ({ shard }) => {
    seen.add(shard);
    return 'done';
  });
  await vi.waitFor(() => expect(seen).toEqual(new Set([0, 1, 2])), WAIT);
});

it('a handler that does not let go is left behind when the time to drain is over', async () => {
  const held = Promise.withResolvers<void>();
  const worker = work(async () => {
    await held.promise;
    return 'done';
  });
  await queue.add({ runId: 'run-1', generation: 1 }, [0]);
  await vi.waitFor(() => expect(worker.health().active).toBe(1), WAIT);
  expect(await worker.drain({ withinMs: 100 })).toBe(false);
  held.resolve();
});

it('a lost lock aborts its job and no other', async () => {
  const stopped = new Map<number, unknown>();
  const release = Promise.withResolvers<void>();
  work(async ({ shard }, { signal }) => {
    await Promise.race([untilAborted(signal), release.promise]);
    stopped.set(shard, signal.reason);
    return 'done';
  });
  await queue.add({ runId: 'run-1', generation: 1 }, [0, 1]);
  await vi.waitFor(async () => expect((await queue.counts()).active).toBe(2), WAIT);
  await test.redis.set(`${test.prefix}:${SHARD_QUEUE}:run-1~0:lock`, 'another-holder', 'PX', 5000);
  await vi.waitFor(() => expect([...stopped]).toEqual([[0, new JobStopped('lockLost')]]), WAIT);
  release.resolve();
  await vi.waitFor(() => expect(stopped.get(1)).toBeUndefined(), WAIT);
});

it('jobs that gave their slot back go on, others take the slot, and they leave the queue when they end', async () => {
  const release = Promise.withResolvers<void>();
  const begun: number[] = [];
  const worker = work(async ({ shard }, { slot }) => {
    begun.push(shard);
    expect(await slot.giveBack()).toBe(true);
    expect(await slot.giveBack()).toBe(false);
    await release.promise;
    return 'done';
  }, 1);
  await queue.add({ runId: 'run-1', generation: 1 }, [0, 1, 2]);
  await vi.waitFor(() => expect(begun).toEqual([0, 1, 2]), WAIT);
  // Longer than a lease: each is renewed, and no job is begun twice.
  await vi.waitFor(async () => expect(await renewals(0)).toBeGreaterThan(2), WAIT);
  expect(worker.health().active).toBe(3);
  expect(await queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 3 });
  expect(await queue.missing('run-1', [0, 1, 2])).toEqual([]);
  release.resolve();
  await vi.waitFor(async () => expect(await queue.missing('run-1', [0, 1, 2])).toEqual([0, 1, 2]), WAIT);
  expect(begun).toEqual([0, 1, 2]);
  expect(errors).toEqual([]);
});

/** How often the time of a delayed job was seen to move. */
let lastScore = new Map<number, string>();
let moved = new Map<number, number>();
beforeEach(() => {
  lastScore = new Map();
  moved = new Map();
});
async function renewals(shard: number): Promise<number> {
  const score = (await test.redis.zscore(`${test.prefix}:${SHARD_QUEUE}:delayed`, `run-1~${shard}`)) ?? '';
  if (score !== lastScore.get(shard)) moved.set(shard, (moved.get(shard) ?? -1) + 1);
  lastScore.set(shard, score);
  return moved.get(shard) ?? 0;
}

it('a draining worker hands back the jobs that wait without a slot, too', async () => {
  const first = work(async (_, { signal, slot }) => {
    await slot.giveBack();
    await untilAborted(signal);
    return 'released';
  }, 1);
  await queue.add({ runId: 'run-1', generation: 1 }, [0, 1]);
  await vi.waitFor(async () => expect((await queue.counts()).delayed).toBe(2), WAIT);
  expect(await first.drain()).toBe(true);
  expect(await queue.counts()).toEqual({ waiting: 2, active: 0, delayed: 0 });
});

it('a job that waits without a slot, and was taken by another worker, is aborted', async () => {
  const reasons: unknown[] = [];
  let begun = 0;
  work(async (_, { signal, slot }) => {
    begun += 1;
    if (begun > 1) return 'done';
    await slot.giveBack();
    await untilAborted(signal);
    reasons.push(signal.reason);
    return 'released';
  });
  await queue.add({ runId: 'run-1', generation: 1 }, [0]);
  await vi.waitFor(async () => expect((await queue.counts()).delayed).toBe(1), WAIT);
  const jobs = new Queue(SHARD_QUEUE, { connection: test.redis, prefix: test.prefix });
  await (await jobs.getJob('run-1~0'))?.promote();
  await jobs.close();
  await vi.waitFor(() => expect(reasons).toEqual([new JobStopped('lockLost')]), WAIT);
  expect(begun).toBe(2);
});

it('a job whose lock is lost keeps its slot: there is nothing to give back', async () => {
  const given: boolean[] = [];
  work(async (_, { slot }) => {
    await test.redis.set(`${test.prefix}:${SHARD_QUEUE}:run-1~0:lock`, 'another-holder', 'PX', 5000);
    given.push(await slot.giveBack());
    return 'done';
  });
  await queue.add({ runId: 'run-1', generation: 1 }, [0]);
  await vi.waitFor(() => expect(given).toEqual([false]), WAIT);
});

it('after a fault a job that waits without a slot is tried again', async () => {
  let begun = 0;
  work(async (_, { slot }) => {
    begun += 1;
    if (begun > 1) return 'done';
    await slot.giveBack();
    throw new Error('the ledger is out of reach');
  });
  await queue.add({ runId: 'run-1', generation: 1 }, [0]);
  await vi.waitFor(() => expect(begun).toBe(2), WAIT);
});

it.each([
  ['a job outlives any number of killed workers', false],
  ['a job that waits without a slot does, too', true],
] as const)('%s', { timeout: 60_000 }, async (_, givesBack) => {
  await queue.add({ runId: 'run-1', generation: 1 }, [42]);
  for (let kill = 0; kill < 3; kill++) await killWorkerWithJob(givesBack);
  const seen: number[] = [];
  work(async ({ shard }) => {
    seen.push(shard);
    return 'done';
  });
  await vi.waitFor(() => expect(seen).toEqual([42]), WAIT);
});

async function killWorkerWithJob(givesBack: boolean): Promise<void> {
  const file = new URL('../testing/hangingWorker.ts', import.meta.url).pathname;
  const args = [
    file,
    test.url,
    test.prefix,
    String(TIMES.lockMs),
    String(TIMES.stalledCheckMs),
    String(givesBack),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  expect(line.toString()).toBe('42\n');
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

it('a job that waits for a budget keeps its lock, counts as no silence, and is worked on once', async () => {
  const takenBy: string[] = [];
  const go = Promise.withResolvers<void>();
  const worker = work(async (_job, { throttled }) => {
    takenBy.push('waiting');
    throttled.begin();
    await go.promise;
    throttled.end();
    return 'done';
  });
  await queue.add({ runId: 'run-1', generation: 1 }, [0]);
  await vi.waitFor(() => expect(worker.health().active).toBe(1), WAIT);
  work(async () => {
    takenBy.push('other');
    return 'done';
  });
  // Three times as long as a lock lasts without being renewed.
  await systemClock.sleep(3 * TIMES.lockMs, new AbortController().signal);
  expect(worker.health().oldestActiveMs).toBeLessThan(TIMES.lockMs);
  go.resolve();
  await vi.waitFor(() => expect(worker.health().active).toBe(0), WAIT);
  await vi.waitFor(async () => expect(await queue.missing('run-1', [0])).toEqual([0]), WAIT);
  expect(takenBy).toEqual(['waiting']);
});

it('the queue tells since when its oldest job waits, and nothing when none does', async () => {
  expect(await queue.oldestWaitingSince()).toBeUndefined();
  const before = Date.now();
  await queue.add({ runId: 'r', generation: 1 }, [0]);
  const since = await queue.oldestWaitingSince();
  await expect.poll(() => Date.now()).toBeGreaterThan(since ?? Number.POSITIVE_INFINITY);
  await queue.add({ runId: 'r', generation: 1 }, [1]);
  expect(await queue.oldestWaitingSince()).toBe(since);
  expect(since).toBeGreaterThanOrEqual(before);
});
