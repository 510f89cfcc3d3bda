import { expect, it } from 'vitest';
import { rowValues } from './binaryRow.ts';
import { PageBuffer } from './pageBuffer.ts';
import { ROW_BYTES_MAX } from './resultSetShape.ts';
import { StreamBuffer } from './streamBuffer.ts';
import { ONE_BLOB, resultSet } from './testing/resultSet.ts';

const MIB = 1024 * 1024;
const USUAL_BYTES = 4 * MIB;
const CHUNK = 128 * 1024;

/** What a buffer holds of memory, used or not. */
function heldBytes(buffer: PageBuffer | StreamBuffer): number {
  return buffer.bytes.buffer.byteLength;
}

function feed(buffer: PageBuffer | StreamBuffer, bytes: Buffer): void {
  for (let position = 0; position < bytes.length; position += CHUNK)
    buffer.feed(bytes.subarray(position, position + CHUNK));
}

it('a page that is released gives a large row back, and one that is read again holds what it needs', () => {
  const page = new PageBuffer();
  page.reset(1e9, ONE_BLOB);
  feed(page, resultSet([Buffer.alloc(20 * MIB, 1)]));
  expect(heldBytes(page)).toBeGreaterThan(20 * MIB);
  page.release();
  expect(heldBytes(page)).toBeLessThanOrEqual(USUAL_BYTES);
  page.reset(1e9, ONE_BLOB);
  feed(page, resultSet([Buffer.from('small')]));
  expect(heldBytes(page)).toBeLessThanOrEqual(USUAL_BYTES);
});

it('a stream gives a large row back as soon as it is taken, and keeps what came behind it', () => {
  const stream = new StreamBuffer();
  stream.reset({ rows: 10, bytes: MIB }, ONE_BLOB);
  feed(stream, resultSet([Buffer.alloc(20 * MIB, 1), Buffer.from('behind')]));
  stream.take(1);
  stream.makeRoom();
  expect(heldBytes(stream)).toBeLessThanOrEqual(USUAL_BYTES);
  expect(
    String(rowValues({ bytes: stream.bytes, start: stream.bounds[0] as number }, stream.columns)[0]),
  ).toBe('behind');
});

it('memory for a row whose length is announced is not doubled', () => {
  const page = new PageBuffer();
  page.reset(1e9, ONE_BLOB);
  feed(page, resultSet(Array.from({ length: 3 }, () => Buffer.alloc(6 * MIB, 1))));
  expect(heldBytes(page)).toBeLessThan(18.5 * MIB);
});

it('a row of many packets never has more memory than a row may have', () => {
  const page = new PageBuffer();
  page.reset(1e9, ONE_BLOB);
  feed(page, resultSet([Buffer.alloc(70 * MIB, 1)]));
  expect(heldBytes(page)).toBeLessThan(ROW_BYTES_MAX + MIB);
  page.release();
});

it.each([
  ['one packet', 2 * MIB, MIB],
  ['two packets', 17 * MIB, 16.5 * MIB],
  ['many packets', 60 * MIB, 40 * MIB],
])(
  'a row of %s beyond the limit is ROW_TOO_LARGE, by table and side, before it has come',
  (_what, bytes, rowBytesMax) => {
    const page = new PageBuffer();
    page.reset(1e9, { ...ONE_BLOB, rowBytesMax });
    let fed = 0;
    const feeding = () => {
      const answer = resultSet([Buffer.alloc(bytes, 1)]);
      for (; fed < answer.length; fed += CHUNK) page.feed(answer.subarray(fed, fed + CHUNK));
    };
    expect(feeding).toThrow(
      expect.objectContaining({
        code: 'ROW_TOO_LARGE',
        class: 'permanent',
        message: expect.stringContaining('Table t (base)'),
      }),
    );
    // The announcement of the packet that is too much is the last thing that was read.
    expect(fed).toBeLessThanOrEqual(rowBytesMax + CHUNK);
  },
);
