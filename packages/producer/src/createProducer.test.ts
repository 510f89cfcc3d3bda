import { expect, it } from 'vitest';
import { createProducer, type ProducerOptions } from './createProducer.ts';
import {
  DeadlineExceeded,
  type FailedMessage,
  FlushError,
  ProducerClosed,
  type ProducerMessage,
} from './messages/message.ts';
import { memoryTransport } from './testing/memoryTransport.ts';
import { SteppedClock, settle } from './testing/steppedClock.ts';

const REFUSED = new Error('refused');

function message(value: string): ProducerMessage {
  return { topic: 't', key: 'k', value };
}

function setUp(options: Partial<ProducerOptions> = {}) {
  const clock = new SteppedClock();
  const transport = memoryTransport();
  const given: FailedMessage[] = [];
  const producer = createProducer({
    transport,
    clock,
    onError: (failed) => given.push(...failed),
    ...options,
  });
  const values = () => transport.batches.map((batch) => batch.map(({ value }) => value).join(''));
  return { clock, transport, given, producer, values };
}

async function flushError(flushing: Promise<void>): Promise<FlushError> {
  const error = await flushing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FlushError);
  return error as FlushError;
}

it('async: a send resolves with a place in the buffer, and the batch goes after five seconds', async () => {
  const { producer, values, clock } = setUp();
  await producer.send(message('a'));
  await clock.advance(4999);
  expect(values()).toEqual([]);
  await clock.advance(1);
  expect(values()).toEqual(['a']);
});

it('async: a hundred messages are a batch', async () => {
  const { producer, transport } = setUp();
  await producer.sendBatch(Array.from({ length: 250 }, (_, i) => message(`${i}`)));
  await settle();
  expect(transport.batches.map(({ length }) => length)).toEqual([100, 100]);
  await producer.flush();
  expect(transport.batches.map(({ length }) => length)).toEqual([100, 100, 50]);
});

it('async: a thousand messages at most go together after a batch that took its time', async () => {
  const { producer, transport } = setUp();
  const resume = transport.pause();
  await producer.sendBatch(Array.from({ length: 2000 }, (_, i) => message(`${i}`)));
  resume();
  await producer.flush();
  expect(transport.batches.map(({ length }) => length)).toEqual([100, 1000, 900]);
});

it('async: a flush tells exactly which messages were given up, once', async () => {
  const { producer, transport, given, values } = setUp();
  transport.refuse(({ value }) => (value === 'b' ? REFUSED : undefined));
  await producer.sendBatch(['a', 'b', 'c'].map(message));
  const error = await flushError(producer.flush());
  expect(error.failed).toEqual([{ message: message('b'), error: REFUSED }]);
  expect(error.failedCount).toBe(1);
  expect(error.pending).toEqual([]);
  expect(given).toEqual(error.failed);
  expect(values()).toEqual(['ac']);
  await producer.flush();
});

it('async: a failure between two flushes waits for the next', async () => {
  const { producer, transport, clock } = setUp();
  transport.refuse(() => REFUSED);
  await producer.send(message('a'));
  await clock.advance(5000);
  transport.refuse(() => undefined);
  await producer.send(message('b'));
  expect((await flushError(producer.flush())).failedCount).toBe(1);
});

it('async: every flush that covers a lost message rejects', async () => {
  const { producer, transport } = setUp();
  const resume = transport.pause();
  transport.refuse(() => REFUSED);
  await producer.send(message('a'));
  const flushes = [producer.flush(), producer.flush()];
  resume();
  for (const flushing of flushes) expect((await flushError(flushing)).failedCount).toBe(1);
});

it('async: a flush answers for its own channel only', async () => {
  const { producer, transport } = setUp();
  transport.refuse(({ value }) => (value === 'lost' ? REFUSED : undefined));
  const [mine, others] = [producer.channel(), producer.channel()];
  await mine.send(message('lost'));
  await others.send(message('arrives'));
  await others.flush();
  await producer.flush();
  expect((await flushError(mine.flush())).failed[0]?.message.value).toBe('lost');
});

it('async: a flush that runs out of time names what is without an answer, and forgets no failure', async () => {
  const { producer, transport, clock } = setUp();
  transport.pause();
  await producer.send(message('a'));
  const flushing = flushError(producer.flush({ deadlineMs: 100 }));
  await clock.advance(100);
  const error = await flushing;
  expect(error.pending).toEqual([message('a')]);
  expect(error.cause).toBeInstanceOf(DeadlineExceeded);
});

it('async: an aborted flush rejects with the reason, and leaves its failures to the next', async () => {
  const { producer, transport, clock } = setUp();
  transport.refuse(() => REFUSED);
  await producer.send(message('a'));
  await clock.advance(5000);
  transport.pause();
  await producer.send(message('b'));
  const stop = new AbortController();
  const flushing = producer.flush({ signal: stop.signal });
  stop.abort(new Error('draining'));
  await expect(flushing).rejects.toThrow('draining');
  const error = flushError(producer.flush({ deadlineMs: 10 }));
  await clock.advance(10);
  expect((await error).failedCount).toBe(1);
});

it('async: a send waits for room, no longer than its deadline or its signal', async () => {
  const { producer, transport, clock } = setUp({ limits: { bufferMessages: 2 } });
  const resume = transport.pause();
  await producer.sendBatch(['a', 'b'].map(message));
  const late = expect(producer.send(message('c'), { deadlineMs: 100 })).rejects.toBeInstanceOf(
    DeadlineExceeded,
  );
  await clock.advance(100);
  await late;
  const stop = new AbortController();
  const aborted = producer.send(message('d'), { signal: stop.signal });
  stop.abort(new Error('draining'));
  await expect(aborted).rejects.toThrow('draining');
  const patient = producer.send(message('e'));
  resume();
  await patient;
  await producer.flush();
  expect(transport.batches.flat().map(({ value }) => value)).toEqual(['a', 'b', 'e']);
});

it('an aborted signal sends nothing', async () => {
  for (const mode of ['sync', 'async'] as const) {
    const { producer, transport } = setUp({ mode });
    await expect(producer.send(message('a'), { signal: AbortSignal.abort(REFUSED) })).rejects.toBe(REFUSED);
    await producer.flush();
    expect(transport.batches).toEqual([]);
  }
});

it('a transport that rejects gives up the whole batch', async () => {
  const transport = { ...memoryTransport(), send: () => Promise.reject(REFUSED) };
  const { producer, given } = setUp({ transport });
  await producer.sendBatch(['a', 'b'].map(message));
  expect((await flushError(producer.flush())).failedCount).toBe(2);
  expect(given).toHaveLength(2);
});

it('sync: a send resolves when its message is acknowledged, and rejects with its error', async () => {
  const { producer, transport } = setUp({ mode: 'sync' });
  const resume = transport.pause();
  let isSent = false;
  const sending = producer.send(message('a')).then(() => {
    isSent = true;
  });
  await settle();
  expect(isSent).toBe(false);
  resume();
  await sending;
  transport.refuse(() => REFUSED);
  await expect(producer.send(message('b'))).rejects.toBe(REFUSED);
  await producer.flush();
});

it('sync: what is sent at once shares a batch', async () => {
  const { producer, values } = setUp({ mode: 'sync' });
  await Promise.all(['a', 'b', 'c'].map((value) => producer.send(message(value))));
  expect(values()).toEqual(['abc']);
});

it('sync: of a batch, what failed is named and the rest has gone', async () => {
  const { producer, transport, values } = setUp({ mode: 'sync' });
  transport.refuse(({ value }) => (value === 'b' ? REFUSED : undefined));
  const error = await flushError(producer.sendBatch(['a', 'b', 'c'].map(message)));
  expect(error.failed).toEqual([{ message: message('b'), error: REFUSED }]);
  expect(values()).toEqual(['ac']);
});

it('closing sends what is left and those who wait for room, and then takes nothing', async () => {
  const { producer, transport } = setUp({ limits: { bufferMessages: 2 } });
  const resume = transport.pause();
  const sending = ['a', 'b', 'c', 'd', 'e'].map((value) => producer.send(message(value)));
  const closing = producer.close();
  await expect(producer.send(message('f'))).rejects.toBeInstanceOf(ProducerClosed);
  resume();
  await closing;
  await Promise.all(sending);
  expect(transport.batches.flat().map(({ value }) => value)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(transport.isClosed).toBe(true);
  await producer.close();
});

it('closing within a deadline reports the rest and ends the connection', async () => {
  const { producer, transport, clock, given } = setUp();
  transport.pause();
  await producer.sendBatch(['a', 'b'].map(message));
  const closing = flushError(producer.close({ deadlineMs: 100 }));
  await clock.advance(100);
  expect((await closing).pending).toEqual(['a', 'b'].map(message));
  expect(transport.isClosed).toBe(true);
  await settle();
  expect(given).toHaveLength(2);
});

it('an error counts every failure and keeps the first thousand', async () => {
  const { producer, transport } = setUp();
  transport.refuse(() => REFUSED);
  await producer.sendBatch(Array.from({ length: 1500 }, (_, i) => message(`${i}`)));
  const error = await flushError(producer.flush());
  expect(error.failedCount).toBe(1500);
  expect(error.failed).toHaveLength(1000);
});
