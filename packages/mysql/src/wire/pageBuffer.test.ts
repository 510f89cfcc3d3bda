import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowValues } from './binaryRow.ts';
import { PageBuffer } from './pageBuffer.ts';
import type { WalkState } from './resultSetBuffer.ts';
import { LONGEST, ONE_BLOB, resultSet } from './testing/resultSet.ts';

function feedAll(page: PageBuffer, bytes: Buffer, cuts: readonly number[]): WalkState {
  let state: WalkState = { kind: 'more' };
  const places = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < places.length; i += 1) {
    const chunk = bytes.subarray(places[i - 1], places[i]);
    if (chunk.length > 0) state = page.feed(chunk);
  }
  return state;
}

function rowsOf(page: PageBuffer): (string | undefined)[] {
  return Array.from({ length: page.rows }, (_, i) =>
    rowValues({ bytes: page.bytes, start: page.bounds[2 * i] as number }, page.columns)[0]?.toString('hex'),
  );
}

function freshPage(bytesMax = 1e9): PageBuffer {
  const page = new PageBuffer();
  page.reset(bytesMax, ONE_BLOB);
  return page;
}

it('rows are found wherever the stream is cut into chunks', () => {
  const rows = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 40 });
  fc.assert(
    fc.property(rows, fc.array(fc.nat(), { maxLength: 30 }), (some, cuts) => {
      const contents = some.map((row) => Buffer.from(row));
      const page = freshPage();
      expect(feedAll(page, resultSet(contents), cuts)).toEqual({ kind: 'end' });
      expect(rowsOf(page)).toEqual(contents.map((row) => row.toString('hex')));
    }),
  );
});

it('a row that begins with 0xfe inside its content does not end the page', () => {
  const page = freshPage();
  expect(feedAll(page, resultSet([Buffer.from([0xfe]), Buffer.from([0xff])]), [])).toEqual({ kind: 'end' });
  expect(page.rows).toBe(2);
});

it('an error packet in mid-stream is an error, never an end', () => {
  const killed = Buffer.from([
    0xff,
    0x25,
    0x05,
    0x23,
    ...Buffer.from('70100Query execution was interrupted'),
  ]);
  const page = freshPage();
  expect(feedAll(page, resultSet([Buffer.from('a')], killed), [3, 9, 30])).toEqual({
    kind: 'error',
    error: { errno: 1317, sqlState: '70100', message: 'Query execution was interrupted' },
    isInSequence: true,
  });
});

it.each([LONGEST - 7, LONGEST - 6, LONGEST - 5, LONGEST, LONGEST + 5, 2 * LONGEST - 11, 2 * LONGEST - 1])(
  'a row of %i bytes is one row',
  (length) => {
    const big = Buffer.alloc(length, 7);
    const page = freshPage();
    const bytes = resultSet([Buffer.from('a'), big, Buffer.from('z')]);
    expect(feedAll(page, bytes, [100, LONGEST, LONGEST + 20, LONGEST + 30])).toEqual({ kind: 'end' });
    expect(page.rows).toBe(3);
    expect(
      rowValues({ bytes: page.bytes, start: page.bounds[2] as number }, page.columns)[0]?.equals(big),
    ).toBe(true);
    expect(rowsOf(page)[2]).toBe(Buffer.from('z').toString('hex'));
  },
);

it('beyond the limit in bytes rows are counted and not kept, and at least one row is kept', () => {
  const rows = Array.from({ length: 100 }, () => Buffer.alloc(50, 1));
  const page = freshPage(500);
  expect(feedAll(page, resultSet(rows), [33, 700, 1500, 3000])).toEqual({ kind: 'end' });
  expect(page.rows).toBeLessThanOrEqual(10);
  expect(page.rows + page.discardedRows).toBe(100);
  const tiny = freshPage(1);
  feedAll(tiny, resultSet(rows), []);
  expect([tiny.rows, tiny.discardedRows]).toEqual([1, 99]);
});

it('a page buffer is clean after reset', () => {
  const page = freshPage();
  feedAll(page, resultSet([Buffer.from('a'), Buffer.from('b')]), []);
  page.reset(1e9, ONE_BLOB);
  expect(feedAll(page, resultSet([Buffer.from('c')]), [5])).toEqual({ kind: 'end' });
  expect(rowsOf(page)).toEqual([Buffer.from('c').toString('hex')]);
});
