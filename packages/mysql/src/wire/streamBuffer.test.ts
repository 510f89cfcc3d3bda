import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowValues } from './binaryRow.ts';
import { PageBuffer } from './pageBuffer.ts';
import { StreamBuffer } from './streamBuffer.ts';
import { definition, EOF, ONE_BLOB, packets, resultSet, row } from './testing/resultSet.ts';
import { WIRE_TYPE } from './wireColumn.ts';

const contents = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 60 });

function firstRows(buffer: StreamBuffer, count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    String(
      rowValues({ bytes: buffer.bytes, start: buffer.bounds[2 * i] as number }, buffer.columns)[0]?.toString(
        'hex',
      ),
    ),
  );
}

/** Feeds as a socket does: the next bytes are read to the room that was offered after the last ones. */
function reading(buffer: StreamBuffer, isRoomUsed: boolean): (bytes: Buffer) => void {
  let room: Buffer | undefined;
  return (bytes) => {
    for (let from = 0; from < bytes.length; ) {
      const part = bytes.subarray(from, from + (room?.length ?? bytes.length));
      const chunk = room ? room.subarray(0, part.length) : part;
      if (room) part.copy(room);
      buffer.feed(chunk);
      room = isRoomUsed ? buffer.room() : undefined;
      from += part.length;
    }
  };
}

it.each([false, true])(
  'wherever chunks end and however many rows are taken at a time, each row comes once and in order; read in place: %s',
  (isRoomUsed) => {
    const steps = fc.array(
      fc.record({
        bytes: fc.integer({ min: 1, max: 400 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(contents, steps, (rows, plan) => {
        const bytes = resultSet(rows.map((row) => Buffer.from(row)));
        const buffer = new StreamBuffer();
        buffer.reset({ rows: 5, bytes: 100 }, ONE_BLOB);
        const taken: string[] = [];
        const take = (count: number) => {
          taken.push(...firstRows(buffer, count));
          buffer.take(count);
          buffer.makeRoom();
        };
        const feed = reading(buffer, isRoomUsed);
        let position = 0;
        for (const { bytes: length, share } of [...plan, { bytes: bytes.length, share: 1 }]) {
          if (position < bytes.length) feed(bytes.subarray(position, position + length));
          position += length;
          take(Math.floor(buffer.rows * share));
        }
        expect(taken).toEqual(rows.map((row) => Buffer.from(row).toString('hex')));
        expect(buffer.seen).toBe(rows.length);
      }),
    );
  },
);

it('it is full by rows or by bytes, and never without a row', () => {
  const buffer = new StreamBuffer();
  buffer.reset({ rows: 2, bytes: 1000 }, ONE_BLOB);
  const bytes = resultSet([Buffer.from('a'), Buffer.alloc(2000), Buffer.from('c')]);
  const big = bytes.length - 100;
  buffer.feed(bytes.subarray(0, big));
  expect(buffer.isFull).toBe(false);
  buffer.feed(bytes.subarray(big));
  expect(buffer.isFull).toBe(true);
  buffer.take(3);
  buffer.makeRoom();
  expect([buffer.rows, buffer.isFull]).toEqual([0, false]);
});

it('a draining buffer keeps nothing and counts on', () => {
  const buffer = new StreamBuffer();
  buffer.reset({ rows: 1, bytes: 1 }, ONE_BLOB);
  buffer.drain();
  buffer.feed(resultSet(Array.from({ length: 100 }, () => Buffer.alloc(50))));
  expect([buffer.rows, buffer.seen, buffer.isFull]).toEqual([0, 100, false]);
});

it('rows of one size, which are taken many at a time, come as they are sent', () => {
  const integers = { ...ONE_BLOB, columns: 2, key: ['integer'], isOrdered: true } as const;
  const numbers = fc.array(fc.boolean(), { minLength: 40, maxLength: 3000 });
  const chunks = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1 });
  fc.assert(
    fc.property(numbers, chunks, fc.integer({ min: 16, max: 2000 }), (nulls, sizes, page) => {
      const rows = nulls.map((isNull, i) => row([int64(i), isNull ? null : int64(i * 7)]));
      const head = [Buffer.from([2]), definition(WIRE_TYPE.longlong), definition(WIRE_TYPE.longlong), EOF];
      const bytes = packets([...head, ...rows, EOF]);
      const stream = new StreamBuffer();
      stream.reset({ rows: page, bytes: 1e6 }, integers);
      const whole = new PageBuffer();
      whole.reset(1e6, integers);
      const came: Buffer[] = [];
      for (let position = 0, i = 0; position < bytes.length; i += 1) {
        const size = sizes[i % sizes.length] as number;
        const chunk = bytes.subarray(position, position + size);
        position += size;
        stream.feed(chunk);
        whole.feed(chunk);
        if (!stream.isFull && position < bytes.length) continue;
        came.push(...contentsOf(stream));
        stream.take(stream.rows);
        stream.makeRoom();
      }
      expect(Buffer.concat(came).equals(Buffer.concat(rows))).toBe(true);
      expect(contentsOf(whole).map(({ length }) => length)).toEqual(rows.map(({ length }) => length));
      expect([stream.seen, whole.come]).toEqual([rows.length, rows.length]);
    }),
    { numRuns: 50 },
  );
});

function contentsOf({ bytes, bounds }: StreamBuffer | PageBuffer): Buffer[] {
  return Array.from({ length: bounds.length / 2 }, (_, i) =>
    Buffer.from(bytes.subarray(bounds[2 * i], bounds[2 * i + 1])),
  );
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}

it('rows far larger than the memory are read in place up to the usual size, and whole', () => {
  const rows = [10, 3_000_000, 1_500_000, 6_000_000, 20].map((size, i) => Buffer.alloc(size, i + 1));
  const buffer = new StreamBuffer();
  buffer.reset({ rows: 1, bytes: 100 }, ONE_BLOB);
  const feed = reading(buffer, true);
  const bytes = resultSet(rows);
  const taken: number[][] = [];
  for (let from = 0; from < bytes.length; from += 100_000) {
    feed(bytes.subarray(from, from + 100_000));
    while (buffer.rows > 0) {
      const [value] = rowValues({ bytes: buffer.bytes, start: buffer.bounds[0] as number }, buffer.columns);
      taken.push([value?.length ?? 0, value?.at(0) ?? 0, value?.at(-1) ?? 0]);
      buffer.take(1);
      buffer.makeRoom();
    }
  }
  expect(taken).toEqual(rows.map((row, i) => [row.length, i + 1, i + 1]));
});
