import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOf, type ProducerMessage } from '../messages/message.ts';
import { SteppedClock, settle } from '../testing/steppedClock.ts';
import { Batcher, type BatchLimits } from './batcher.ts';

const LIMITS: BatchLimits = {
  batchMessages: 3,
  batchMessagesMax: 3,
  batchBytes: 1000,
  lingerMs: 50,
  bufferMessages: 6,
  bufferBytes: 100_000,
};

const never = new AbortController().signal;

interface Sent {
  readonly values: readonly string[];
  readonly atMs: number;
  end(): void;
}

function message(value: string): ProducerMessage {
  return { topic: 't', key: 'k', value };
}

function setUp(limits: Partial<BatchLimits> = {}) {
  const clock = new SteppedClock();
  const sent: Sent[] = [];
  const settled: string[] = [];
  const batcher = new Batcher({
    limits: { ...LIMITS, ...limits },
    clock,
    deliver(messages) {
      const { promise, resolve } = Promise.withResolvers<readonly never[]>();
      sent.push({
        values: messages.map(({ value }) => String(value)),
        atMs: clock.steadyNow(),
        end: () => resolve([]),
      });
      return promise;
    },
  });
  const add = (value: string) =>
    batcher.add({
      message: message(value),
      accepted: () => {},
      settled: (error) => settled.push(error ? `${value}!` : value),
    });
  return { clock, sent, settled, batcher, add, values: () => sent.map(({ values }) => values.join('')) };
}

it('a full batch goes out at once', async () => {
  const { add, values } = setUp();
  for (const value of 'abc') add(value);
  expect(values()).toEqual(['abc']);
});

it('a batch that does not fill goes out when its first message has waited long enough', async () => {
  const { add, values, clock } = setUp();
  add('a');
  await clock.advance(30);
  add('b');
  await clock.advance(19);
  expect(values()).toEqual([]);
  await clock.advance(1);
  expect(values()).toEqual(['ab']);
});

it('a batch is full by bytes, too, and one message more than that goes alone', async () => {
  const { add, values, sent } = setUp({ batchMessages: 100, batchMessagesMax: 100 });
  for (const value of ['x'.repeat(600), 'y'.repeat(600), 'z'.repeat(5000)]) add(value);
  for (let batch = 0; batch < 3; batch++) {
    sent[batch]?.end();
    await settle();
  }
  expect(values().map((text) => text.length)).toEqual([600, 600, 5000]);
});

it('one batch is on its way at a time', async () => {
  const { add, values, sent, settled } = setUp();
  for (const value of 'abcdef') add(value);
  expect(values()).toEqual(['abc']);
  sent[0]?.end();
  await settle();
  expect(values()).toEqual(['abc', 'def']);
  expect(settled.join('')).toBe('abc');
});

it('a batch takes what has gathered while the one before it was on its way, up to its limit', async () => {
  const { add, values, sent } = setUp({ batchMessagesMax: 5, bufferMessages: 20 });
  for (const value of 'abcdefghijklm') add(value);
  for (const turn of [0, 1]) {
    sent[turn]?.end();
    await settle();
  }
  expect(values()).toEqual(['abc', 'defgh', 'ijklm']);
});

it('what has gathered waits for more when it is less than a batch', async () => {
  const { add, values, sent, clock } = setUp({ batchMessagesMax: 5 });
  for (const value of 'abcde') add(value);
  sent[0]?.end();
  await settle();
  expect(values()).toEqual(['abc']);
  await clock.advance(LIMITS.lingerMs);
  expect(values()).toEqual(['abc', 'de']);
});

it('a full buffer takes no message until a batch has ended, and then in order', async () => {
  const { add, sent, values } = setUp();
  for (const value of 'abcdef') add(value);
  const placed: string[] = [];
  for (const value of 'gh') void add(value).placed.then(() => placed.push(value));
  await settle();
  expect(placed).toEqual([]);
  sent[0]?.end();
  await settle();
  expect(placed).toEqual(['g', 'h']);
  sent[1]?.end();
  await settle();
  expect(values()).toEqual(['abc', 'def']);
});

it('who waits for room hurries the batch that holds it', async () => {
  const { add, values } = setUp({ batchMessages: 100, bufferMessages: 2 });
  for (const value of 'abc') add(value);
  expect(values()).toEqual(['ab']);
});

it('who gives up waiting leaves no trace', async () => {
  const { add, sent, values } = setUp({ bufferMessages: 3 });
  for (const value of 'abc') add(value);
  const late = add('d');
  const last = add('e');
  late.withdraw(new Error('enough'));
  await expect(late.placed).rejects.toThrow('enough');
  sent[0]?.end();
  await last.placed;
  last.withdraw(new Error('too late'));
  await settle();
  expect(values()).toEqual(['abc']);
});

it('a message larger than the buffer goes when it is alone', async () => {
  const { add, sent, values } = setUp({ bufferBytes: 200 });
  add('a');
  const large = add('x'.repeat(500));
  await settle();
  sent[0]?.end();
  await large.placed;
  await settle();
  expect(values().map((text) => text.length)).toEqual([1]);
});

it('hurrying sends what is there, and what comes later waits as usual', async () => {
  const { add, sent, values, batcher, clock } = setUp();
  add('a');
  batcher.hurry();
  add('b');
  sent[0]?.end();
  await clock.advance(49);
  expect(values()).toEqual(['a']);
  await clock.advance(1);
  expect(values()).toEqual(['a', 'b']);
});

it('it is empty when the last batch has ended', async () => {
  const { add, sent, batcher } = setUp();
  await batcher.whenEmpty();
  add('a');
  batcher.stopLingering();
  let isEmpty = false;
  void batcher.whenEmpty().then(() => {
    isEmpty = true;
  });
  await settle();
  expect(isEmpty).toBe(false);
  expect(batcher.pending()).toEqual([message('a')]);
  sent[0]?.end();
  await settle();
  expect(isEmpty).toBe(true);
});

it('at any timing, each message goes once, in order, within every limit, and none lingers', async () => {
  const step = fc.record({
    bytes: fc.constantFrom(0, 10, 300, 900, 2000),
    pauseMs: fc.constantFrom(0, 0, 0, 1, 20, 60),
    deliveryMs: fc.constantFrom(0, 5, 40),
    isHurried: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.constantFrom(2, 3, 10),
      async (steps, bufferMessages) => {
        const limits = { ...LIMITS, batchMessagesMax: 4, bufferMessages, bufferBytes: 3000 };
        const clock = new SteppedClock();
        const placedAt = new Map<ProducerMessage, number>();
        const batches: (readonly ProducerMessage[])[] = [];
        let onTheWay = 0;
        let lastEnd = 0;
        let broken: unknown;
        const check = (messages: readonly ProducerMessage[]): void => {
          expect(onTheWay).toBe(1);
          expectWithin(limits, messages, batcher.pending());
          const since = Math.max(lastEnd, placedAt.get(messages[0] as ProducerMessage) ?? 0);
          expect(clock.steadyNow() - since).toBeLessThanOrEqual(limits.lingerMs);
        };
        const batcher = new Batcher({
          limits,
          clock,
          async deliver(messages) {
            onTheWay++;
            try {
              check(messages);
            } catch (error) {
              broken ??= error;
            }
            batches.push(messages);
            await clock.sleep(steps[batches.length]?.deliveryMs ?? 0, never);
            onTheWay--;
            lastEnd = clock.steadyNow();
            return [];
          },
        });
        const answered: ProducerMessage[] = [];
        const messages = steps.map(({ bytes }, i) => message(`${i}:${'x'.repeat(bytes)}`));
        for (const [i, { pauseMs, isHurried }] of steps.entries()) {
          const next = messages[i] as ProducerMessage;
          const accepted = () => void placedAt.set(next, clock.steadyNow());
          batcher.add({ message: next, accepted, settled: () => void answered.push(next) });
          if (isHurried) batcher.hurry();
          await clock.advance(pauseMs);
        }
        await clock.advance(5000);
        if (broken) throw broken;
        expect(batches.flat()).toEqual(messages);
        expect(answered).toEqual(messages);
      },
    ),
  );
});

function expectWithin(
  limits: BatchLimits,
  batch: readonly ProducerMessage[],
  pending: readonly ProducerMessage[],
): void {
  const bytes = (some: readonly ProducerMessage[]) => some.reduce((sum, one) => sum + bytesOf(one), 0);
  expect(batch.length).toBeLessThanOrEqual(limits.batchMessagesMax);
  if (batch.length > 1) expect(bytes(batch)).toBeLessThanOrEqual(limits.batchBytes);
  expect(pending.length).toBeLessThanOrEqual(limits.bufferMessages);
  if (pending.length > 1) expect(bytes(pending)).toBeLessThanOrEqual(limits.bufferBytes);
}
