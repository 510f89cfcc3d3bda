import { systemClock } from '@rowparity/runtime';
import { expect, it } from 'vitest';
import { type CoordinatorState, coordinatorMetrics } from './coordinatorMetrics.ts';

const QUEUE = {
  counts: async () => ({ waiting: 3, active: 2, delayed: 1 }),
  oldestWaitingSince: async (): Promise<number | undefined> => systemClock.now() - 5000,
};

function textOf(queue: CoordinatorState['queue'], isLeading = true): Promise<string> {
  return coordinatorMetrics({ isLeading: () => isLeading, clock: systemClock, queue }).registry.metrics();
}

it('the queue tells its jobs by state and the age of the oldest that waits', async () => {
  const text = await textOf(QUEUE);
  expect(text).toContain('rowparity_queue_jobs{state="waiting",app="coordinator"} 3');
  expect(text).toContain('rowparity_queue_jobs{state="delayed",app="coordinator"} 1');
  const [, seconds] = /^rowparity_queue_oldest_seconds\{app="coordinator"\} (\S+)$/m.exec(text) ?? [];
  expect(Number(seconds)).toBeGreaterThanOrEqual(5);
  expect(await textOf({ ...QUEUE, oldestWaitingSince: async () => undefined })).toContain(
    'rowparity_queue_oldest_seconds{app="coordinator"} 0',
  );
});

it.each([
  ['refuses', () => Promise.reject(new Error('away'))],
  ['does not answer', () => new Promise<never>(() => {})],
] as const)('a Redis that %s leaves the queue out and keeps the rest', async (_, answer) => {
  const text = await textOf({ counts: answer, oldestWaitingSince: answer });
  expect(text).toContain('rowparity_coordinator_leading{app="coordinator"} 1');
  expect(text).not.toMatch(/^rowparity_queue/m);
});
