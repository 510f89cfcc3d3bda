import { expect, it, vi } from 'vitest';
import { afterMinutes, limitedSink } from './earlyEnd.ts';

const signal = new AbortController().signal;
const sink = { publish: async () => {}, flush: async () => {} };
const event = { Direction: 'SRC', Type: 'neq' } as const;

it('a limit is reached once, by rows that are confirmed different', async () => {
  const reached = vi.fn();
  const limited = limitedSink(sink, 3, reached);
  const send = (...more: readonly object[]) =>
    limited.publish(
      more.map((changes) => ({ event: { ...event, ...changes }, shard: 0 })),
      signal,
    );
  await send({}, { Stability: 'unstable' }, { State: 'resolved' }, {});
  expect(reached).not.toHaveBeenCalled();
  await send({ State: 'still' }, {});
  await send({});
  expect(reached).toHaveBeenCalledOnce();
});

it('without a limit none is reached', async () => {
  const reached = vi.fn();
  await limitedSink(sink, undefined, reached).publish([{ event, shard: 0 }], signal);
  expect(reached).not.toHaveBeenCalled();
});

it('after so many minutes it is called, unless the check was over before', () => {
  vi.useFakeTimers();
  try {
    const ended = vi.fn();
    afterMinutes(undefined, ended);
    afterMinutes(2, ended)();
    afterMinutes(3, ended);
    vi.advanceTimersByTime(179_999);
    expect(ended).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ended).toHaveBeenCalledOnce();
  } finally {
    vi.useRealTimers();
  }
});
