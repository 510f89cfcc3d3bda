import { Fault, type RunSpec, runSpec } from '@rowparity/contracts';
import { systemClock } from '@rowparity/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type TestRedis, testRedis } from '../testing/testRedis.ts';
import { JobRefused } from './jobRefused.ts';
import type { JobWorker } from './jobWorker.ts';
import { createRunQueue, type RunQueue } from './runQueue.ts';
import { createRunWorker, type RunWorkerOptions } from './runWorker.ts';

const WAIT = { timeout: 15_000, interval: 20 };

let test: TestRedis;
let queue: RunQueue;
let workers: JobWorker[];

beforeEach(() => {
  test = testRedis('jobs');
  queue = createRunQueue(test.redis, { prefix: test.prefix, onError: () => {} });
  workers = [];
});

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.drain()));
  await queue.close();
  await test.cleanUp();
});

function coordinate(handle: RunWorkerOptions['handle']): JobWorker {
  const { redis, prefix } = test;
  const worker = createRunWorker({ redis, prefix, clock: systemClock, onError: () => {}, handle });
  workers.push(worker);
  return worker;
}

function specOf(direction: 'SRC' | 'DST' = 'SRC'): RunSpec {
  const tables = [{ name: 'orders' }];
  return runSpec.parse({ version: 1, runId: 'run-1', source: 's', destination: 'd', direction, tables });
}

const ends = (jobId: string, kind: string) =>
  vi.waitFor(async () => {
    const state = await queue.state(jobId);
    expect(state.kind).toBe(kind);
    return state;
  }, WAIT);

it('an order completes with what the coordinator answers', async () => {
  const jobId = await queue.add(specOf());
  expect(await queue.state(jobId)).toEqual({ kind: 'pending' });
  coordinate(async (spec) => ({ verdict: 'consistent', of: spec }));
  expect(await ends(jobId, 'completed')).toEqual({
    kind: 'completed',
    result: { verdict: 'consistent', of: JSON.parse(JSON.stringify(specOf())) },
  });
});

it('an order brings its traceparent to the coordinator, and one without brings none', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  coordinate(async (_spec, context) => ({ brought: context.traceparent ?? null }));
  const traced = await queue.add(specOf('SRC'), { traceparent });
  expect(await ends(traced, 'completed')).toMatchObject({ result: { brought: traceparent } });
  const untraced = await queue.add(specOf('DST'));
  expect(await ends(untraced, 'completed')).toMatchObject({ result: { brought: null } });
});

it('the same order twice is one job, before and after it completed', async () => {
  const handle = vi.fn(async () => 'settled');
  const jobId = await queue.add(specOf());
  expect(await queue.add(specOf())).toBe(jobId);
  expect((await queue.counts()).waiting).toBe(1);
  coordinate(handle);
  await ends(jobId, 'completed');
  expect(await queue.add(specOf())).toBe(jobId);
  expect(await queue.state(jobId)).toEqual({ kind: 'completed', result: 'settled' });
  expect(handle).toHaveBeenCalledTimes(1);
});

it('another spec of the same run id reaches the coordinator, who can refuse it with reasons', async () => {
  coordinate(async (spec) => {
    if ((spec as RunSpec).direction === 'DST') throw new JobRefused('run-1 exists with another spec');
    return 'settled';
  });
  const [first, second] = [await queue.add(specOf('SRC')), await queue.add(specOf('DST'))];
  await ends(first, 'completed');
  expect(await ends(second, 'failed')).toEqual({ kind: 'failed', reason: 'run-1 exists with another spec' });
});

it('a fault of configuration fails the order at once, and a corrected one can be ordered again', async () => {
  let isCorrected = false;
  coordinate(async () => {
    if (!isCorrected)
      throw new Fault('configuration', { code: 'CONNECTION_UNKNOWN', message: 'name a connection' });
    return 'settled';
  });
  const jobId = await queue.add(specOf());
  expect(await ends(jobId, 'failed')).toEqual({ kind: 'failed', reason: 'name a connection' });
  isCorrected = true;
  expect(await queue.add(specOf())).toBe(jobId);
  await ends(jobId, 'completed');
});

it('a draining coordinator leaves its orders to the next', async () => {
  const first = coordinate(
    (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  const jobId = await queue.add(specOf());
  await vi.waitFor(() => expect(first.health().active).toBe(1), WAIT);
  expect(await first.drain()).toBe(true);
  expect(await queue.state(jobId)).toEqual({ kind: 'pending' });
  coordinate(async () => 'settled by the next');
  expect(await ends(jobId, 'completed')).toMatchObject({ result: 'settled by the next' });
});

it('an order that was never made is unknown', async () => {
  expect(await queue.state('run-9~0')).toEqual({ kind: 'unknown' });
});
