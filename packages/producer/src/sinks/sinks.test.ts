import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { decodeEvent, encodeEvent } from '@rowparity/contracts';
import { eventOf, eventSinkConformance } from '@rowparity/core/conformance/eventSink';
import { systemClock } from '@rowparity/runtime';
import { expect, it } from 'vitest';
import { createProducer } from '../createProducer.ts';
import { memoryEventSink } from '../testing/memoryEventSink.ts';
import { memoryTransport } from '../testing/memoryTransport.ts';
import { BrokersUnreachable, MessageTooLarge, TopicUnusable } from '../transport/transport.ts';
import { eventMessage } from './eventMessage.ts';
import { fileEventSink } from './fileEventSink.ts';
import { kafkaEventSink } from './kafkaEventSink.ts';
import { lineEventSink } from './lineEventSink.ts';
import { streamEventSink } from './streamEventSink.ts';

const never = new AbortController().signal;
const linesIn = (text: string) => text.split('\n').slice(0, -1);

eventSinkConformance('memory', async () => {
  const sink = memoryEventSink();
  const arrived = async () => sink.acknowledged.map(({ event }) => encodeEvent(event, 'full'));
  return { sink, arrived, cleanUp: async () => {} };
});

eventSinkConformance('file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rowparity-events-'));
  const path = join(folder, 'events.ndjson');
  const sink = await fileEventSink({ path, format: 'full' });
  return {
    sink,
    arrived: async () => linesIn(await readFile(path, 'utf8')),
    cleanUp: async () => {
      await sink.close();
      await rm(folder, { recursive: true });
    },
  };
});

eventSinkConformance('stream', async () => {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return {
    sink: streamEventSink({ stream, format: 'full' }),
    arrived: async () => linesIn(text),
    cleanUp: async () => void stream.destroy(),
  };
});

eventSinkConformance('producer, async', () => overProducer('async'));
eventSinkConformance('producer, sync', () => overProducer('sync'));

async function overProducer(mode: 'sync' | 'async') {
  const transport = memoryTransport();
  const producer = createProducer({ clock: systemClock, transport, mode });
  return {
    sink: kafkaEventSink({ producer, topic: 'dbMove', format: 'full' }),
    arrived: async () => transport.batches.flat().map(({ value }) => String(value)),
    breaking: {
      break: async () => transport.refuse(() => new BrokersUnreachable('gone')),
      restore: async () => transport.refuse(() => undefined),
    },
    cleanUp: () => producer.close(),
  };
}

it('the class of a lost event says what helps', async () => {
  for (const [error, faultClass] of [
    [new BrokersUnreachable('gone'), 'transient'],
    [new TopicUnusable('no topic'), 'configuration'],
    [new MessageTooLarge({ topic: 'dbMove', bytes: 9 }), 'permanent'],
  ] as const) {
    const transport = memoryTransport();
    const sink = kafkaEventSink({
      producer: createProducer({ clock: systemClock, transport }),
      topic: 'dbMove',
      format: 'full',
    });
    transport.refuse(() => error);
    await sink.publish([eventOf(4711n)], never);
    const fault: unknown = await sink.flush(never).catch((reason: unknown) => reason);
    expect(fault).toMatchObject({ class: faultClass, code: 'EVENTS_NOT_ACKNOWLEDGED' });
    expect(String(fault)).toContain('dbMove');
    expect(String(fault)).not.toContain('4711');
  }
});

it('one shard whose events are lost does not stop another', async () => {
  const transport = memoryTransport();
  const producer = createProducer({ clock: systemClock, transport });
  const [lost, well] = [1, 2].map(() => kafkaEventSink({ producer, topic: 'dbMove', format: 'full' }));
  transport.refuse(({ headers }) =>
    headers?.['rowparity-shard'] === '7' ? new BrokersUnreachable('gone') : undefined,
  );
  await lost?.publish([eventOf(1n)], never);
  await well?.publish([{ ...eventOf(2n), shard: 8 }], never);
  await well?.flush(never);
  await expect(lost?.flush(never)).rejects.toMatchObject({ class: 'transient' });
});

it('the wire starts with the three old fields, and carries the rest in headers', () => {
  const { key, value, headers } = eventMessage(eventOf(10n), { topic: 'dbMove', format: 'minimal' });
  expect(value).toBe('{"ID":10,"Direction":"SRC","Type":"neq"}');
  expect(key).toBe('["orders",{"id":"10"}]');
  expect(headers).toEqual({
    'rowparity-schema': '2',
    'rowparity-shard': '7',
    'rowparity-run': 'run-1',
    'rowparity-event-id': 'event-10',
  });
});

it('news of one row have one key, whatever they say, and other rows have others', () => {
  const target = { topic: 'dbMove', format: 'full' } as const;
  const keyOf = (...event: Parameters<typeof eventOf>) => eventMessage(eventOf(...event), target).key;
  expect(keyOf(1n, { Type: 'base_missing', EventID: 'x' })).toBe(keyOf(1n));
  expect(new Set([keyOf(1n), keyOf(2n), keyOf(1n, { Table: 'items' })]).size).toBe(3);
  expect(keyOf(1n, { Key: undefined as never })).not.toBe('');
});

it('a file that cannot be opened is a matter of configuration, naming the path', async () => {
  const path = join(tmpdir(), 'no-such-folder', 'events.ndjson');
  const opening = fileEventSink({ path, format: 'full' });
  await expect(opening).rejects.toMatchObject({
    class: 'configuration',
    message: expect.stringContaining(path),
  });
});

it('a file keeps what it had', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rowparity-events-'));
  const path = join(folder, 'events.ndjson');
  for (const id of [1n, 2n]) {
    const sink = await fileEventSink({ path, format: 'full' });
    await sink.publish([eventOf(id)], never);
    await sink.close();
  }
  const ids = linesIn(await readFile(path, 'utf8')).map((line) => decodeEvent(line).ID);
  await rm(folder, { recursive: true });
  expect(ids).toEqual([1n, 2n]);
});

it('a stream without a reader is a fault, not a crash', async () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
  const sink = streamEventSink({ stream, format: 'full' });
  await expect(sink.publish([eventOf(1n)], never)).rejects.toMatchObject({ code: 'EVENTS_NOT_ACKNOWLEDGED' });
});

const unstable = { Stability: 'unstable' } as const;
const confirmed = { Stability: 'confirmed' } as const;

it('the minimal format carries neither unstable nor resolved events, which it could not mark', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rowparity-events-'));
  const path = join(folder, 'events.ndjson');
  const transport = memoryTransport();
  const producer = createProducer({ clock: systemClock, transport });
  for (const format of ['full', 'minimal'] as const) {
    const file = await fileEventSink({ path, format });
    for (const sink of [file, kafkaEventSink({ producer, topic: format, format })]) {
      await sink.publish([eventOf(1n, unstable), eventOf(2n, confirmed)], never);
      await sink.publish([eventOf(3n, unstable)], never);
      await sink.publish([eventOf(4n, { ...confirmed, State: 'resolved' })], never);
      await sink.flush(never);
    }
    await file.close();
  }
  const idsOf = (lines: readonly string[]) => lines.map((line) => Number(decodeEvent(line).ID));
  expect(idsOf(linesIn(await readFile(path, 'utf8')))).toEqual([1, 2, 3, 4, 2]);
  const sent = (topic: string) => transport.batches.flat().filter((message) => message.topic === topic);
  expect(idsOf(sent('full').map(({ value }) => String(value)))).toEqual([1, 2, 3, 4]);
  expect(idsOf(sent('minimal').map(({ value }) => String(value)))).toEqual([2]);
  await producer.close();
  await rm(folder, { recursive: true });
});

it('what follows a torn line stands on a line of its own, though it was published before the tear was known', async () => {
  const taken: string[] = [];
  const stream = new Writable({
    autoDestroy: false,
    write(chunk: Buffer, _encoding, done) {
      taken.push(taken.length === 0 ? String(chunk).slice(0, 9) : String(chunk));
      setImmediate(done);
    },
  });
  let isFirst = true;
  const sink = lineEventSink(
    {
      name: 'a disk',
      async write(text) {
        await new Promise((resolve) => void stream.write(text, resolve));
        if (isFirst) {
          isFirst = false;
          throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        }
      },
      sync: async () => {},
      close: async () => {},
    },
    'minimal',
  );
  const torn = sink.publish([eventOf(1n)], never);
  const whole = sink.publish([eventOf(2n)], never);
  await expect(torn).rejects.toMatchObject({
    code: 'EVENTS_NOT_ACKNOWLEDGED',
    message: expect.stringContaining('ENOSPC'),
  });
  await whole;
  const lines = linesIn(taken.join(''));
  expect(lines.map((line) => line.slice(0, 9))).toEqual(['{"ID":1,"', '{"ID":2,"']);
  expect(decodeEvent(lines[1] as string).ID).toBe(2n);
});
