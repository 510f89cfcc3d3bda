import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BrokenLinks } from '../testing/brokenLinks.ts';
import type { Rewrite } from '../testing/hostileLink.ts';
import { changed, onRows, renumbered, rowAt, whole, withRow } from '../testing/rewrites.ts';
import { EOF, packets } from '../wire/testing/resultSet.ts';

let broken: BrokenLinks;

beforeAll(async () => {
  broken = await BrokenLinks.open();
});
afterEach(() => broken.restore());
afterAll(() => broken.close());

/** `v` of every row: 0x00, one byte of NULLs, the INT, then its length. */
const LENGTH_OF_V = 6;
const LENGTH_OF_D = (row: Buffer) => LENGTH_OF_V + 1 + (row[LENGTH_OF_V] as number);

const BROKEN: readonly (readonly [string, Rewrite])[] = [
  [
    'a column less',
    ({ head, rows, end }) => packets([Buffer.from([3]), ...head.slice(1, 4), EOF, ...rows, end]),
  ],
  [
    'a column more',
    ({ head, rows, end }) => packets([Buffer.from([5]), ...head.slice(1, 2), ...head.slice(1), ...rows, end]),
  ],
  [
    'a count that is not that of the definitions',
    (answer) => packets([Buffer.from([3]), ...whole(answer).slice(1)]),
  ],
  ['a count with a byte behind it', (answer) => packets([Buffer.from([4, 0]), ...whole(answer).slice(1)])],
  ['an OK in place of rows', () => packets([Buffer.from([0, 0, 0, 2, 0, 0, 0])])],
  ['a request for a file in place of rows', () => packets([Buffer.from([0xfb, 0x61])])],
  [
    'a definition that is cut',
    (answer) => packets(whole(answer).with(2, rowAt(answer.head, 2).subarray(0, -3))),
  ],
  [
    'a definition of a type that is none',
    (answer) => packets(whole(answer).with(2, changed(rowAt(answer.head, 2), -6, 0x55))),
  ],
  ['no EOF behind the definitions', ({ head, rows, end }) => packets([...head.slice(0, -1), ...rows, end])],
  [
    'more results announced in front of the rows',
    ({ head, rows, end }) => packets([...head.with(-1, Buffer.from([0xfe, 0, 0, 8, 0])), ...rows, end]),
  ],
  ['an empty packet', (answer) => withRow(answer, 3, rowAt(answer.rows, 3), Buffer.alloc(0))],
  [
    'an empty packet in place of the end',
    (answer) => packets([...answer.head, ...answer.rows, Buffer.alloc(0)]),
  ],
  ['a row that begins with 0x01', (answer) => withRow(answer, 7, changed(rowAt(answer.rows, 7), 0, 1))],
  ['a row that begins with 0xfe', (answer) => withRow(answer, 7, changed(rowAt(answer.rows, 7), 0, 0xfe))],
  ['an EOF of 1 byte', (answer) => packets(whole({ ...answer, end: Buffer.from([0xfe]) }))],
  [
    'an EOF of 7 bytes',
    (answer) => packets(whole({ ...answer, end: Buffer.from([0xfe, 0, 0, 2, 0, 0, 0]) })),
  ],
  [
    'more results announced at the end',
    (answer) => packets(whole({ ...answer, end: Buffer.from([0xfe, 0, 0, 0x0a, 0]) })),
  ],
  ['a row behind the EOF', (answer) => packets([...whole(answer), rowAt(answer.rows, 0)])],
  ['a row behind the EOF, a moment later', (answer) => [packets(whole(answer)), rowAt(answer.rows, 0)]],
  ['an EOF in the middle of the rows', (answer) => withRow(answer, 20, rowAt(answer.rows, 20), answer.end)],
  ['a byte behind the EOF', (answer) => Buffer.concat([packets(whole(answer)), Buffer.from([0])])],
  ['a number that is left out', (answer) => renumbered(packets(whole(answer)), 12, 14)],
  ['the number of the packet before it', (answer) => renumbered(packets(whole(answer)), 12, 12)],
  ['a row that lacks its last byte', (answer) => withRow(answer, 9, rowAt(answer.rows, 9).subarray(0, -1))],
  [
    'a row with a byte too many',
    (answer) => withRow(answer, 9, Buffer.concat([rowAt(answer.rows, 9), Buffer.from([0])])),
  ],
  ['a row of one byte', (answer) => withRow(answer, 9, Buffer.from([0]))],
  [
    'a length beyond the row',
    (answer) => withRow(answer, 9, changed(rowAt(answer.rows, 9), LENGTH_OF_V, 250)),
  ],
  [
    'a length that is none',
    (answer) => withRow(answer, 9, changed(rowAt(answer.rows, 9), LENGTH_OF_V, 0xfb)),
  ],
  [
    'a length in more bytes than it needs',
    (answer) =>
      withRow(
        answer,
        9,
        Buffer.concat([
          rowAt(answer.rows, 9).subarray(0, LENGTH_OF_V),
          Buffer.from([0xfc, 6, 0]),
          rowAt(answer.rows, 9).subarray(LENGTH_OF_V + 1),
        ]),
      ),
  ],
  [
    'a DATETIME of 10 bytes',
    (answer) => withRow(answer, 9, changed(rowAt(answer.rows, 9), LENGTH_OF_D(rowAt(answer.rows, 9)), 10)),
  ],
  ['a NULL too many', (answer) => withRow(answer, 10, changed(rowAt(answer.rows, 10), 1, 1 << 5))],
  [
    'a NULL of no column',
    (answer) =>
      withRow(answer, 9, changed(rowAt(answer.rows, 9), 1, (rowAt(answer.rows, 9)[1] as number) | 0x80)),
  ],
  [
    'NULL in the key',
    (answer) =>
      withRow(answer, 10, Buffer.concat([Buffer.from([0, 1 << 2]), rowAt(answer.rows, 10).subarray(6)])),
  ],
  ['an error of two bytes', (answer) => packets(whole({ ...answer, end: Buffer.from([0xff, 0x25]) }))],
  [
    'an error with a row behind it',
    (answer) =>
      packets([
        ...whole({ ...answer, end: Buffer.concat([Buffer.from([0xff, 0x25, 5]), Buffer.from('#70100no')]) }),
        rowAt(answer.rows, 0),
      ]),
  ],
  ['a row twice', (answer) => withRow(answer, 9, rowAt(answer.rows, 9), rowAt(answer.rows, 9))],
  [
    'a row that comes back at the end',
    (answer) => packets([...answer.head, ...answer.rows, rowAt(answer.rows, 0), answer.end]),
  ],
  [
    'two rows in the wrong order',
    (answer) => withRow(answer, 9, rowAt(answer.rows, 10), rowAt(answer.rows, 9)),
  ],
];

describe.each(['base', 'target', 'both'] as const)('an answer of %s', (side) => {
  it.each(BROKEN)('with %s is PROTOCOL_BROKEN, with any answer of the other side', async (_what, rewrite) => {
    for (const one of ['base', 'target'] as const) {
      if (side === one || side === 'both') broken.links[one].rewrite = onRows(rewrite);
    }
    const options = { pageRows: 100, range: { after: null, upTo: null } };
    await expect(broken.compare('numbered', options)).rejects.toMatchObject({
      code: 'PROTOCOL_BROKEN',
      class: 'permanent',
    });
    await broken.closePools();
    // No session was kept that could be used again, and none is left open.
    await expect.poll(() => broken.connections).toBe(0);
  });
});

it('through a link that changes nothing, equal tables match and others differ', async () => {
  expect((await broken.compare('numbered')).end).toMatchObject({ outcome: 'match' });
  expect((await broken.compare('paired', { strategy: 'checksum' })).end).toMatchObject({ outcome: 'match' });
  await broken.servers.run('target', "UPDATE named SET v = 'other' WHERE k = 'k003'");
  expect((await broken.compare('named')).lines).toEqual(['neq k003 v']);
});

it('a table and its side are named, and no byte of a row', async () => {
  broken.links.target.rewrite = onRows((answer) => withRow(answer, 9, rowAt(answer.rows, 9).subarray(0, -1)));
  const fault = (await broken.compare('numbered').catch((error: unknown) => error)) as Error;
  expect(fault.message).toMatch(/^Table numbered \(target\) on target \(127\.0\.0\.1:/);
  expect(fault.message).not.toContain('name 9');
});
