/** The tests that every transport must pass. They use the port, and ask what arrived. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FailedMessage, ProducerMessage } from '../messages/message.ts';
import {
  BrokersUnreachable,
  MessageTooLarge,
  TopicUnusable,
  type Transport,
} from '../transport/transport.ts';

export interface TransportUnderTest {
  readonly transport: Transport;
  /** Two topics that exist and are empty. */
  readonly topics: readonly [string, string];
  /** A topic that no message can go to. */
  readonly noTopic: string;
  /** Bytes of a value that no topic takes. */
  readonly tooManyBytes: number;
  /** In the order of each partition. */
  arrived(topic: string): Promise<readonly ArrivedMessage[]>;
  /** From now on no broker answers, until `restore`. */
  readonly silence: { begin(): void; restore(): void };
  cleanUp(): Promise<void>;
}

export interface ArrivedMessage {
  readonly partition: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** More than go into one batch. */
const MANY = 2500;
/** An abort is soon when it does not wait for the time that a delivery may take. */
const SOON_MS = 1000;
const never = new AbortController().signal;

export function transportConformance(name: string, setUp: () => Promise<TransportUnderTest>): void {
  describe(`transport: ${name}`, () => {
    let under: TransportUnderTest;
    let topic: string;
    beforeEach(async () => {
      under = await setUp();
      topic = under.topics[0];
    });
    afterEach(() => under.cleanUp());

    const message = (value: string | Buffer, key = 'k', toTopic = topic): ProducerMessage => ({
      ...{ topic: toTopic, key, value },
    });
    const send = (messages: readonly ProducerMessage[]) => under.transport.send(messages, never);
    const valuesIn = async (one: string) => (await under.arrived(one)).map(({ value }) => value);

    it('a message arrives with its key, its headers and its bytes', async () => {
      const headers = { 'rowparity-run': 'run-1', word: 'ä' };
      expect(await send([{ ...message('{"ID":10}', 'schlüssel'), headers }])).toEqual([]);
      expect(await send([message(Buffer.from('bytes'), 'none')])).toEqual([]);
      const found = new Map((await under.arrived(topic)).map((one) => [one.key, one]));
      expect(found.get('schlüssel')).toMatchObject({ value: '{"ID":10}', headers });
      expect(found.get('none')).toMatchObject({ value: 'bytes', headers: {} });
    });

    it('nothing to send is nothing to give up', async () => {
      expect(await send([])).toEqual([]);
    });

    it('messages of one key stay in order on one partition, from send to send', async () => {
      for (const turn of [0, 1, 2]) {
        const batch = Array.from({ length: 60 }, (_, i) => message(`${turn * 100 + i}`, `key ${i % 7}`));
        expect(await send(batch)).toEqual([]);
      }
      const byKey = Map.groupBy(await under.arrived(topic), ({ key }) => key);
      expect(byKey.size).toBe(7);
      for (const ofKey of byKey.values()) {
        const numbers = ofKey.map(({ value }) => Number(value));
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        expect(new Set(ofKey.map(({ partition }) => partition)).size).toBe(1);
      }
    });

    it('a large batch arrives whole, and each message once', async () => {
      const batch = Array.from({ length: MANY }, (_, i) => message(`{"ID":${i}}`, `key ${i}`));
      expect(await send(batch)).toEqual([]);
      expect((await valuesIn(topic)).toSorted()).toEqual(batch.map(({ value }) => String(value)).toSorted());
    });

    it('messages of one send go to the topic that each names', async () => {
      const [, other] = under.topics;
      expect(await send([message('a'), message('b', 'k', other), message('c')])).toEqual([]);
      expect(await valuesIn(topic)).toEqual(['a', 'c']);
      expect(await valuesIn(other)).toEqual(['b']);
    });

    it('a message that is too large is given up alone, and later ones arrive', async () => {
      const large = message('x'.repeat(under.tooManyBytes), 'large');
      const others = Array.from({ length: 20 }, (_, i) => message(`${i}`, `key ${i}`));
      const failed = await send([...others.slice(0, 10), large, ...others.slice(10)]);
      expect(given(failed)).toEqual([[large, MessageTooLarge]]);
      expect(await send([message('after')])).toEqual([]);
      const wanted = [...others.map(({ value }) => String(value)), 'after'];
      expect(new Set(await valuesIn(topic))).toEqual(new Set(wanted));
    });

    it('a topic that cannot be used gives up its own messages, and is named', {
      timeout: 60_000,
    }, async () => {
      const lost = message('lost', 'k', under.noTopic);
      const failed = await send([lost, message('arrives')]);
      expect(given(failed)).toEqual([[lost, TopicUnusable]]);
      expect(failed[0]?.error.message).toContain(under.noTopic);
      expect(await valuesIn(topic)).toEqual(['arrives']);
    });

    it('brokers that do not answer give up the batch, and the next one arrives when they do', {
      timeout: 60_000,
    }, async () => {
      expect(await send([message('before')])).toEqual([]);
      under.silence.begin();
      const lost = [message('lost'), message('lost, too', 'other')];
      expect(given(await send(lost))).toEqual(lost.map((one) => [one, BrokersUnreachable]));
      under.silence.restore();
      expect(await send([message('after')])).toEqual([]);
      expect(await valuesIn(topic)).toEqual(expect.arrayContaining(['before', 'after']));
    });

    it('an aborted signal gives up soon, however silent the brokers', async () => {
      expect(await send([message('before')])).toEqual([]);
      under.silence.begin();
      const stop = new AbortController();
      const sending = under.transport.send([message('late')], stop.signal);
      const began = performance.now();
      stop.abort(new Error('draining'));
      expect((await sending).map((failed) => failed.message)).toEqual([message('late')]);
      expect(performance.now() - began).toBeLessThan(SOON_MS);
      under.silence.restore();
    });

    it('a signal that is aborted already sends nothing', async () => {
      const failed = await under.transport.send([message('never')], AbortSignal.abort(new Error('draining')));
      expect(failed).toHaveLength(1);
      expect(await valuesIn(topic)).toEqual([]);
    });

    it('closing ends, used or not, and twice', async () => {
      await under.transport.close();
      await under.transport.close();
    });
  });
}

function given(failed: readonly FailedMessage[]) {
  return failed.map(({ message, error }) => [message, error.constructor]);
}
