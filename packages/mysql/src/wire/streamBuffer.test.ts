import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowValues } from './binaryRow.ts';
import { StreamBuffer } from './streamBuffer.ts';
import { ONE_BLOB, resultSet } from './testing/resultSet.ts';

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

it('wherever chunks end and however many rows are taken at a time, each row comes once and in order', () => {
  const steps = fc.array(
    fc.record({ bytes: fc.integer({ min: 1, max: 400 }), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
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
      let position = 0;
      for (const { bytes: length, share } of [...plan, { bytes: bytes.length, share: 1 }]) {
        if (position < bytes.length) buffer.feed(bytes.subarray(position, position + length));
        position += length;
        take(Math.floor(buffer.rows * share));
      }
      expect(taken).toEqual(rows.map((row) => Buffer.from(row).toString('hex')));
      expect(buffer.seen).toBe(rows.length);
    }),
  );
});

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
