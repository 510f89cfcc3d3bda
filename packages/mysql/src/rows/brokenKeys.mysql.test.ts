import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BrokenLinks } from '../testing/brokenLinks.ts';
import type { Answer, Rewrite } from '../testing/hostileLink.ts';
import { changed, numbered, onRows, rowAt, whole, withRow } from '../testing/rewrites.ts';
import { noSignal } from '../testing/tablePair.ts';
import { packets, row, withLength } from '../wire/testing/resultSet.ts';
import { SqlRowReader } from './sqlRowReader.ts';

let broken: BrokenLinks;

beforeAll(async () => {
  broken = await BrokenLinks.open();
});
afterEach(() => broken.restore());
afterAll(() => broken.close());

describe.each(['base', 'target'] as const)('%s alone', (side) => {
  it.each([
    [
      'a row of text that comes back',
      'named',
      (answer: Answer) => withRow(answer, 30, rowAt(answer.rows, 2), rowAt(answer.rows, 30)),
    ],
    [
      'a row of text twice',
      'named',
      (answer: Answer) => withRow(answer, 30, rowAt(answer.rows, 30), rowAt(answer.rows, 30)),
    ],
    [
      'a pair that comes back',
      'paired',
      (answer: Answer) => withRow(answer, 30, rowAt(answer.rows, 2), rowAt(answer.rows, 30)),
    ],
    [
      'pairs in the wrong order',
      'paired',
      (answer: Answer) => withRow(answer, 30, rowAt(answer.rows, 31), rowAt(answer.rows, 30)),
    ],
  ] as const)('%s is PROTOCOL_BROKEN', async (_what, table, rewrite) => {
    broken.links[side].rewrite = onRows(rewrite);
    await expect(broken.compare(table)).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
  });
});
it.each([
  ['below', (answer: Answer) => numbered(answer, 0, 5)],
  ['at the bound below', (answer: Answer) => numbered(answer, 0, 10)],
  ['above', (answer: Answer) => numbered(answer, answer.rows.length - 1, 21)],
] as const)('a row %s the range is PROTOCOL_BROKEN', async (_where, rewrite) => {
  broken.links.base.rewrite = onRows(rewrite);
  broken.links.target.rewrite = onRows(rewrite);
  const range = { after: ['10'], upTo: ['20'] };
  await expect(broken.compare('numbered', { range })).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
});

it('a row of text that is the bound below its range is PROTOCOL_BROKEN', async () => {
  broken.links.base.rewrite = onRows((answer) =>
    withRow(answer, 0, changed(rowAt(answer.rows, 0), 6, '0'.charCodeAt(0))),
  );
  const range = { after: ['k010'], upTo: null };
  await expect(broken.compare('named', { range })).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
});

const isPointRead: Rewrite = ({ sql }) => (/ IN \(/.test(sql) ? Buffer.alloc(0) : undefined);
const onPoints =
  (rewrite: Rewrite): Rewrite =>
  (answer) =>
    isPointRead(answer) && answer.rows.length > 0 ? rewrite(answer) : undefined;

it.each([
  ['another key', (answer: Answer) => numbered(answer, 0, 33)],
  ['a key twice', (answer: Answer) => withRow(answer, 0, rowAt(answer.rows, 0), rowAt(answer.rows, 0))],
  [
    'a row without its last byte',
    (answer: Answer) => withRow(answer, 0, rowAt(answer.rows, 0).subarray(0, -1)),
  ],
] as const)('a point read that brings %s is PROTOCOL_BROKEN', async (_what, rewrite) => {
  await broken.servers.run('target', "UPDATE numbered SET v = 'other' WHERE id IN (3, 4)");
  broken.links.target.rewrite = onPoints(rewrite);
  await expect(broken.compare('numbered')).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
  expect(broken.links.target.rewritten).toBeGreaterThan(0);
  await broken.servers.run('target', "UPDATE numbered SET v = CONCAT('name ', id) WHERE id IN (3, 4)");
});

const textRow = (...texts: readonly (string | null)[]) =>
  row(texts.map((text) => (text === null ? null : withLength(Buffer.from(text)))));
/** `digits`: of a digest of this server, all the same. */
type DigestRows = (digits: (digit: string) => string) => readonly Buffer[];

const onDigests =
  (rows: DigestRows): Rewrite =>
  ({ sql, head, end }) => {
    if (!sql.startsWith("SELECT '0', CAST(COUNT(*)")) return undefined;
    const digits = (digit: string) => digit.repeat(sql.includes('CONV(') ? 16 : 64);
    return packets([...head, ...rows(digits), end]);
  };

const DIGESTS: readonly (readonly [string, DigestRows])[] = [
  ['is missing', () => []],
  ['is NULL', () => [textRow('0', '40', null)]],
  ['comes twice', (digits) => [textRow('0', '40', digits('A')), textRow('0', '40', digits('A'))]],
  ['counts nothing that is a number', (digits) => [textRow('0', 'many', digits('A'))]],
  ['is no number', (digits) => [textRow('0', '40', digits('X'))]],
  ['has more bits', (digits) => [textRow('0', '40', `${digits('A')}A`)]],
  ['has fewer bits', (digits) => [textRow('0', '40', digits('A').slice(1))]],
  ['of no rows is not 0', (digits) => [textRow('0', '0', digits('7'))]],
  ['is of another range', (digits) => [textRow('1', '40', digits('A'))]],
];

it.each(DIGESTS)('a digest that %s on both sides is PROTOCOL_BROKEN', async (_what, rows) => {
  broken.links.base.rewrite = onDigests(rows);
  broken.links.target.rewrite = onDigests(rows);
  await expect(broken.compare('numbered', { strategy: 'checksum' })).rejects.toMatchObject({
    code: 'PROTOCOL_BROKEN',
  });
  expect(broken.links.base.rewritten).toBeGreaterThan(0);
});

it.each([
  ['outside of its range', (answer: Answer) => numbered(answer, 0, 77)],
  ['NULL', ({ head, end }: Answer) => packets([...head, Buffer.from([0, 1 << 2]), end])],
  ['two rows', (answer: Answer) => withRow(answer, 0, rowAt(answer.rows, 0), rowAt(answer.rows, 0))],
] as const)('a key behind some rows that is %s is PROTOCOL_BROKEN', async (_what, rewrite) => {
  broken.links.base.rewrite = (answer) =>
    /OFFSET/.test(answer.sql) && answer.rows[0] ? rewrite(answer) : undefined;
  const range = { after: null, upTo: ['30'] };
  await expect(
    broken.compare('numbered', { strategy: 'checksum', pageRows: 5, range }),
  ).rejects.toMatchObject({
    code: 'PROTOCOL_BROKEN',
  });
});

it('more rows than the LIMIT are PROTOCOL_BROKEN', async () => {
  broken.links.base.rewrite = onRows((answer) =>
    packets([...answer.head, ...answer.rows, changed(rowAt(answer.rows, 0), 2, 99), answer.end]),
  );
  const reader = new SqlRowReader(broken.pools.base, await broken.servers.plan('numbered'), 'base');
  const reading = reader.readPage({ after: null, upTo: null }, { rows: 10, bytes: 1e6 }, noSignal);
  await expect(reading).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
  await reader.close();
});

it.each([
  ['of rows, from the first on', 'exact', 4, 1],
  ['of point reads', 'exact', 4, 1],
  ['of keys', 'checksum', 4, 1],
] as const)(
  'INT that is announced as FLOAT in answers %s is SCHEMA_CHANGED',
  async (shown, strategy, type, from) => {
    await broken.servers.run('target', "UPDATE numbered SET v = 'other' WHERE id = 3");
    let answers = 0;
    const rewrite: Rewrite = (answer) => {
      const isWanted = shown.endsWith('keys')
        ? /OFFSET/.test(answer.sql)
        : shown.endsWith('reads')
          ? isPointRead(answer)
          : answer.rows.length > 1;
      if (!isWanted) return undefined;
      answers += 1;
      const column = shown.endsWith('keys') ? 1 : 4;
      return answers < from
        ? undefined
        : packets(whole(answer).with(column, changed(rowAt(answer.head, column), -6, type)));
    };
    broken.links.base.rewrite = rewrite;
    await expect(
      broken.compare('numbered', { strategy, pageRows: 10, delaysMs: [1, 1] }),
    ).rejects.toMatchObject({
      code: 'SCHEMA_CHANGED',
    });
    await broken.servers.run('target', "UPDATE numbered SET v = CONCAT('name ', id) WHERE id = 3");
  },
);

it('what may rightly vary is no change: flags of indexes', async () => {
  let answers = 0;
  broken.links.base.rewrite = onRows((answer) => {
    answers += 1;
    const column = rowAt(answer.head, 2);
    // MULTIPLE_KEY, in every other answer.
    const flags = (column.at(-5) as number) ^ (answers % 2 === 0 ? 8 : 0);
    return packets(whole(answer).with(2, changed(column, -5, flags)));
  });
  const reader = new SqlRowReader(broken.pools.base, await broken.servers.plan('numbered'), 'base');
  for (let i = 0; i < 3; i += 1) {
    await reader.readPage({ after: null, upTo: null }, { rows: 99, bytes: 1e6 }, noSignal);
  }
  expect(answers).toBe(3);
  await reader.close();
});
