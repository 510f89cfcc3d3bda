import { Fault } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { orderOverQueue, type RunOrderQueue } from './index.ts';
import type { RunOrderState } from './orderOverQueue.ts';
import { RUN, SPEC } from './testing/documents.ts';

const AWAY = new Fault('transient', { code: 'SERVER_UNREACHABLE', message: 'Redis is away' });
const SETTLED = { ...RUN, state: 'settled', verdict: 'consistent', settledAt: 2 };

/** Gives one answer a question; an error is thrown. */
function queueOf(...states: readonly (RunOrderState | Error)[]) {
  const added: string[] = [];
  const left = [...states];
  const queue: RunOrderQueue = {
    async add({ runId }) {
      added.push(runId);
      return 'job';
    },
    async state() {
      const state = left.shift();
      if (state === undefined) throw new Error('asked too often');
      if (state instanceof Error) throw state;
      return state;
    },
  };
  return { queue, added };
}

const order = (queue: RunOrderQueue) => orderOverQueue(queue, SPEC, { pollMs: 1 });

it('an order ends with where the settled run stands, through outages of the queue', async () => {
  const { queue, added } = queueOf(
    { kind: 'pending' },
    AWAY,
    { kind: 'pending' },
    { kind: 'completed', result: SETTLED },
  );
  expect(await order(queue)).toEqual(SETTLED);
  expect(added).toEqual(['r-1']);
});

it('the traceparent of an order goes with its job', async () => {
  const { queue } = queueOf({ kind: 'completed', result: SETTLED });
  const brought: unknown[] = [];
  const { add } = queue;
  const telling: RunOrderQueue = {
    ...queue,
    add: (spec, { traceparent }) => {
      brought.push(traceparent);
      return add(spec, {});
    },
  };
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await orderOverQueue(telling, SPEC, { pollMs: 1, traceparent });
  expect(brought).toEqual([traceparent]);
});

it('a job that is gone is added again, and not for ever', async () => {
  const gone = { kind: 'unknown' } as const;
  const found = queueOf(gone, { kind: 'completed', result: SETTLED });
  expect(await order(found.queue)).toEqual(SETTLED);
  expect(found.added).toHaveLength(2);
  const lost = queueOf(...Array(10).fill(gone));
  await expect(order(lost.queue)).rejects.toMatchObject({ code: 'order_refused' });
  expect(lost.added).toHaveLength(3);
});

it('a refused order is an error with the reason, and so is what is no transient fault', async () => {
  const failed = queueOf({ kind: 'failed', reason: 'Run r-1 exists with another spec.' });
  await expect(order(failed.queue)).rejects.toMatchObject({ code: 'order_refused', message: /another spec/ });
  const broken = new Fault('permanent', { code: 'LEDGER_UNUSABLE', message: 'no' });
  await expect(order(queueOf(broken).queue)).rejects.toBe(broken);
  const other = queueOf({ kind: 'completed', result: { verdict: 'fine' } });
  await expect(order(other.queue)).rejects.toMatchObject({ code: 'unexpected_answer' });
});

it('a bad spec is refused with every place before it is on the queue', async () => {
  const { queue, added } = queueOf();
  const bad = orderOverQueue(queue, { ...SPEC, tables: [] });
  await expect(bad).rejects.toMatchObject({ code: 'invalid_spec', problems: [{ path: 'tables' }] });
  expect(added).toEqual([]);
});

it('the signal ends the wait, not the run', async () => {
  const stop = new AbortController();
  const { queue } = queueOf({ kind: 'pending' });
  const waiting = orderOverQueue(
    { ...queue, state: (id) => queue.state(id).finally(() => stop.abort(new Error('enough'))) },
    SPEC,
    { signal: stop.signal, pollMs: 60_000 },
  );
  await expect(waiting).rejects.toThrow('enough');
});
