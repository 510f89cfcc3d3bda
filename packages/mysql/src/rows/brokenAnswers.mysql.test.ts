import type { TablePlan } from '@rowparity/contracts';
import { mapSides, type Side } from '@rowparity/core';
import { seededRandom } from '@rowparity/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectionUrl } from '../connection/connectionUrl.ts';
import { SessionShelf } from '../connection/sessionShelf.ts';
import { type FindOptions, findDifferences } from '../testing/findDifferences.ts';
import { type Answer, type HostileLink, hostileLink, type Rewrite } from '../testing/hostileLink.ts';
import { noSignal, type TestServers, testServers } from '../testing/tablePair.ts';
import { ROW_BYTES_MAX } from '../wire/resultSetShape.ts';
import { mutated } from '../wire/testing/mutations.ts';
import { referenceReading } from '../wire/testing/referenceReader.ts';
import { EOF, packets, row, withLength } from '../wire/testing/resultSet.ts';
import { SqlRowReader } from './sqlRowReader.ts';

const ROWS = 40;
const VALUES = Array.from(
  { length: ROWS },
  (_, i) => `(${i}, 'name ${i}', '2024-01-02 03:04:05.5', ${i % 3 ? i : 'NULL'})`,
).join(',');

let servers: TestServers;
let links: { base: HostileLink; target: HostileLink };
let shelves: { base: SessionShelf; target: SessionShelf };

beforeAll(async () => {
  servers = await testServers();
  const columns = 'v VARCHAR(20), d DATETIME(3), n INT';
  const more = VALUES.replaceAll(/\((\d+), /g, (_all, id: string) => `('k${id.padStart(3, '0')}', `);
  await servers.runBoth(
    `CREATE TABLE numbered (id INT PRIMARY KEY, ${columns})`,
    `INSERT INTO numbered VALUES ${VALUES}`,
    `CREATE TABLE named (k VARCHAR(9) COLLATE utf8mb4_general_ci PRIMARY KEY, ${columns})`,
    `INSERT INTO named VALUES ${more}`,
    `CREATE TABLE paired (a INT, b VARBINARY(9), ${columns}, PRIMARY KEY (a, b))`,
    `INSERT INTO paired SELECT id DIV 4, HEX(id), v, d, n FROM numbered`,
  );
  const linkOf = (side: Side) => hostileLink(servers.databases[side].server);
  links = { base: await linkOf('base'), target: await linkOf('target') };
});

afterAll(async () => {
  await Promise.all([links.base.close(), links.target.close()]);
  await servers.close();
});

beforeEach(() => {
  shelves = mapSides(links, ({ host, port }, side) => {
    const url = new URL(servers.databases[side].url);
    url.host = `${host}:${port}`;
    return new SessionShelf(connectionUrl.parse(url.href), { ref: side, idleMax: 4 });
  });
  return async () => {
    for (const link of [links.base, links.target]) {
      link.rewrite = () => undefined;
      link.rewritePrepared = (packet) => packet;
      link.areQueriesToo = false;
    }
    await Promise.all([shelves.base.close(), shelves.target.close()]);
  };
});

async function compare(table: string, options: FindOptions = {}) {
  return findDifferences({ readers: readersOf }, await servers.plan(table), options);
}

function readersOf(plan: TablePlan) {
  return mapSides(shelves, (shelf, side) => new SqlRowReader(shelf, plan, side));
}

/** Every answer with rows, each rewritten in the same way. */
function onRows(rewrite: Rewrite): Rewrite {
  return (answer) => (answer.rows.length > 1 ? rewrite(answer) : undefined);
}

/** The contents, one of them replaced. */
function whole({ head, rows, end }: Answer): Buffer[] {
  return [...head, ...rows, end];
}

function withRow(answer: Answer, i: number, ...others: readonly Buffer[]): Buffer {
  return packets(whole({ ...answer, rows: answer.rows.toSpliced(i, 1, ...others) }));
}

function changed(content: Buffer, at: number, to: number): Buffer {
  const copy = Buffer.from(content);
  copy[at < 0 ? copy.length + at : at] = to;
  return copy;
}

const at = (rows: readonly Buffer[], i: number) => rows.at(i) as Buffer;
/** The number is in the last byte of a header. */
function renumbered(bytes: Buffer, packet: number, number: number): Buffer {
  let start = 0;
  for (let i = 0; i < packet; i += 1) start += 4 + bytes.readUIntLE(start, 3);
  return changed(bytes, start + 3, number);
}

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
    (answer) => packets(whole(answer).with(2, at(answer.head, 2).subarray(0, -3))),
  ],
  [
    'a definition of a type that is none',
    (answer) => packets(whole(answer).with(2, changed(at(answer.head, 2), -6, 0x55))),
  ],
  ['no EOF behind the definitions', ({ head, rows, end }) => packets([...head.slice(0, -1), ...rows, end])],
  [
    'more results announced in front of the rows',
    ({ head, rows, end }) => packets([...head.with(-1, Buffer.from([0xfe, 0, 0, 8, 0])), ...rows, end]),
  ],
  ['an empty packet', (answer) => withRow(answer, 3, at(answer.rows, 3), Buffer.alloc(0))],
  [
    'an empty packet in place of the end',
    (answer) => packets([...answer.head, ...answer.rows, Buffer.alloc(0)]),
  ],
  ['a row that begins with 0x01', (answer) => withRow(answer, 7, changed(at(answer.rows, 7), 0, 1))],
  ['a row that begins with 0xfe', (answer) => withRow(answer, 7, changed(at(answer.rows, 7), 0, 0xfe))],
  ['an EOF of 1 byte', (answer) => packets(whole({ ...answer, end: Buffer.from([0xfe]) }))],
  [
    'an EOF of 7 bytes',
    (answer) => packets(whole({ ...answer, end: Buffer.from([0xfe, 0, 0, 2, 0, 0, 0]) })),
  ],
  [
    'more results announced at the end',
    (answer) => packets(whole({ ...answer, end: Buffer.from([0xfe, 0, 0, 0x0a, 0]) })),
  ],
  ['a row behind the EOF', (answer) => packets([...whole(answer), at(answer.rows, 0)])],
  ['a row behind the EOF, a moment later', (answer) => [packets(whole(answer)), at(answer.rows, 0)]],
  ['an EOF in the middle of the rows', (answer) => withRow(answer, 20, at(answer.rows, 20), answer.end)],
  ['a byte behind the EOF', (answer) => Buffer.concat([packets(whole(answer)), Buffer.from([0])])],
  ['a number that is left out', (answer) => renumbered(packets(whole(answer)), 12, 14)],
  ['the number of the packet before it', (answer) => renumbered(packets(whole(answer)), 12, 12)],
  ['a row that lacks its last byte', (answer) => withRow(answer, 9, at(answer.rows, 9).subarray(0, -1))],
  [
    'a row with a byte too many',
    (answer) => withRow(answer, 9, Buffer.concat([at(answer.rows, 9), Buffer.from([0])])),
  ],
  ['a row of one byte', (answer) => withRow(answer, 9, Buffer.from([0]))],
  ['a length beyond the row', (answer) => withRow(answer, 9, changed(at(answer.rows, 9), LENGTH_OF_V, 250))],
  ['a length that is none', (answer) => withRow(answer, 9, changed(at(answer.rows, 9), LENGTH_OF_V, 0xfb))],
  [
    'a length in more bytes than it needs',
    (answer) =>
      withRow(
        answer,
        9,
        Buffer.concat([
          at(answer.rows, 9).subarray(0, LENGTH_OF_V),
          Buffer.from([0xfc, 6, 0]),
          at(answer.rows, 9).subarray(LENGTH_OF_V + 1),
        ]),
      ),
  ],
  [
    'a DATETIME of 10 bytes',
    (answer) => withRow(answer, 9, changed(at(answer.rows, 9), LENGTH_OF_D(at(answer.rows, 9)), 10)),
  ],
  ['a NULL too many', (answer) => withRow(answer, 10, changed(at(answer.rows, 10), 1, 1 << 5))],
  [
    'a NULL of no column',
    (answer) => withRow(answer, 9, changed(at(answer.rows, 9), 1, (at(answer.rows, 9)[1] as number) | 0x80)),
  ],
  [
    'NULL in the key',
    (answer) =>
      withRow(answer, 10, Buffer.concat([Buffer.from([0, 1 << 2]), at(answer.rows, 10).subarray(6)])),
  ],
  ['an error of two bytes', (answer) => packets(whole({ ...answer, end: Buffer.from([0xff, 0x25]) }))],
  [
    'an error with a row behind it',
    (answer) =>
      packets([
        ...whole({ ...answer, end: Buffer.concat([Buffer.from([0xff, 0x25, 5]), Buffer.from('#70100no')]) }),
        at(answer.rows, 0),
      ]),
  ],
  ['a row twice', (answer) => withRow(answer, 9, at(answer.rows, 9), at(answer.rows, 9))],
  [
    'a row that comes back at the end',
    (answer) => packets([...answer.head, ...answer.rows, at(answer.rows, 0), answer.end]),
  ],
  ['two rows in the wrong order', (answer) => withRow(answer, 9, at(answer.rows, 10), at(answer.rows, 9))],
];

describe.each(['base', 'target', 'both'] as const)('an answer of %s', (broken) => {
  it.each(BROKEN)('with %s is PROTOCOL_BROKEN, whatever the other side says', async (_what, rewrite) => {
    for (const side of ['base', 'target'] as const) {
      if (broken === side || broken === 'both') links[side].rewrite = onRows(rewrite);
    }
    const options = { pageRows: 100, range: { after: null, upTo: null } };
    await expect(compare('numbered', options)).rejects.toMatchObject({
      code: 'PROTOCOL_BROKEN',
      class: 'permanent',
    });
    await Promise.all([shelves.base.close(), shelves.target.close()]);
    // No session was kept that could be used again, and none is left open.
    await expect.poll(() => links.base.connections + links.target.connections).toBe(0);
  });
});

describe.each(['base', 'target'] as const)('%s alone', (side) => {
  it.each([
    [
      'a row of text that comes back',
      'named',
      (answer: Answer) => withRow(answer, 30, at(answer.rows, 2), at(answer.rows, 30)),
    ],
    [
      'a row of text twice',
      'named',
      (answer: Answer) => withRow(answer, 30, at(answer.rows, 30), at(answer.rows, 30)),
    ],
    [
      'a pair that comes back',
      'paired',
      (answer: Answer) => withRow(answer, 30, at(answer.rows, 2), at(answer.rows, 30)),
    ],
    [
      'pairs in the wrong order',
      'paired',
      (answer: Answer) => withRow(answer, 30, at(answer.rows, 31), at(answer.rows, 30)),
    ],
  ] as const)('%s is PROTOCOL_BROKEN', async (_what, table, rewrite) => {
    links[side].rewrite = onRows(rewrite);
    await expect(compare(table)).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
  });
});

const number = (answer: Answer, row: number, id: number) =>
  withRow(answer, row, changed(changed(at(answer.rows, row), 2, id & 0xff), 3, id >> 8));

it.each([
  ['below', (answer: Answer) => number(answer, 0, 5)],
  ['at the bound below', (answer: Answer) => number(answer, 0, 10)],
  ['above', (answer: Answer) => number(answer, answer.rows.length - 1, 21)],
] as const)('a row %s the range is PROTOCOL_BROKEN', async (_where, rewrite) => {
  links.base.rewrite = onRows(rewrite);
  links.target.rewrite = onRows(rewrite);
  const range = { after: ['10'], upTo: ['20'] };
  await expect(compare('numbered', { range })).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
});

it('a row of text that is the bound below its range is PROTOCOL_BROKEN', async () => {
  links.base.rewrite = onRows((answer) =>
    withRow(answer, 0, changed(at(answer.rows, 0), 6, '0'.charCodeAt(0))),
  );
  const range = { after: ['k010'], upTo: null };
  await expect(compare('named', { range })).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
});

const isPointRead: Rewrite = ({ sql }) => (/ IN \(/.test(sql) ? Buffer.alloc(0) : undefined);
const onPoints =
  (rewrite: Rewrite): Rewrite =>
  (answer) =>
    isPointRead(answer) && answer.rows.length > 0 ? rewrite(answer) : undefined;

it.each([
  ['another key', (answer: Answer) => number(answer, 0, 33)],
  ['a key twice', (answer: Answer) => withRow(answer, 0, at(answer.rows, 0), at(answer.rows, 0))],
  ['a row without its last byte', (answer: Answer) => withRow(answer, 0, at(answer.rows, 0).subarray(0, -1))],
] as const)('a point read that brings %s is PROTOCOL_BROKEN', async (_what, rewrite) => {
  await servers.run('target', "UPDATE numbered SET v = 'other' WHERE id IN (3, 4)");
  links.target.rewrite = onPoints(rewrite);
  await expect(compare('numbered')).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
  expect(links.target.rewritten).toBeGreaterThan(0);
  await servers.run('target', "UPDATE numbered SET v = CONCAT('name ', id) WHERE id IN (3, 4)");
});

const textRow = (...texts: readonly (string | null)[]) =>
  row(texts.map((text) => (text === null ? null : withLength(Buffer.from(text)))));
const onDigests =
  (...rows: readonly Buffer[]): Rewrite =>
  ({ sql, head, end }) =>
    sql.startsWith('SELECT CAST(COUNT(*)') ? packets([...head, ...rows, end]) : undefined;

it.each([
  ['is missing', []],
  ['is NULL', [textRow('40', null)]],
  ['comes twice', [textRow('40', '1'), textRow('40', '1')]],
  ['counts nothing that is a number', [textRow('many', '1')]],
  ['is no number', [textRow('40', 'abc')]],
  ['has more than 64 bits', [textRow('40', '18446744073709551616')]],
  ['of no rows is not 0', [textRow('0', '7')]],
] as const)('a digest that %s on both sides is PROTOCOL_BROKEN', async (_what, rows) => {
  links.base.rewrite = onDigests(...rows);
  links.target.rewrite = onDigests(...rows);
  await expect(compare('numbered', { strategy: 'checksum' })).rejects.toMatchObject({
    code: 'PROTOCOL_BROKEN',
  });
});

it.each([
  ['outside of its range', (answer: Answer) => number(answer, 0, 77)],
  ['NULL', ({ head, end }: Answer) => packets([...head, Buffer.from([0, 1 << 2]), end])],
  ['two rows', (answer: Answer) => withRow(answer, 0, at(answer.rows, 0), at(answer.rows, 0))],
] as const)('a key behind some rows that is %s is PROTOCOL_BROKEN', async (_what, rewrite) => {
  links.base.rewrite = (answer) =>
    /OFFSET/.test(answer.sql) && answer.rows[0] ? rewrite(answer) : undefined;
  const range = { after: null, upTo: ['30'] };
  await expect(compare('numbered', { strategy: 'checksum', pageRows: 5, range })).rejects.toMatchObject({
    code: 'PROTOCOL_BROKEN',
  });
});

it('more rows than the LIMIT are PROTOCOL_BROKEN', async () => {
  links.base.rewrite = onRows((answer) =>
    packets([...answer.head, ...answer.rows, changed(at(answer.rows, 0), 2, 99), answer.end]),
  );
  const { base } = mapSides(shelves, (shelf) => shelf);
  const reader = new SqlRowReader(base, await servers.plan('numbered'), 'base');
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
  async (of, strategy, type, from) => {
    await servers.run('target', "UPDATE numbered SET v = 'other' WHERE id = 3");
    let answers = 0;
    const rewrite: Rewrite = (answer) => {
      const isWanted = of.endsWith('keys')
        ? /OFFSET/.test(answer.sql)
        : of.endsWith('reads')
          ? isPointRead(answer)
          : answer.rows.length > 1;
      if (!isWanted) return undefined;
      answers += 1;
      const column = of.endsWith('keys') ? 1 : 4;
      return answers < from
        ? undefined
        : packets(whole(answer).with(column, changed(at(answer.head, column), -6, type)));
    };
    links.base.rewrite = rewrite;
    await expect(compare('numbered', { strategy, pageRows: 10, delaysMs: [1, 1] })).rejects.toMatchObject({
      code: 'SCHEMA_CHANGED',
    });
    await servers.run('target', "UPDATE numbered SET v = CONCAT('name ', id) WHERE id = 3");
  },
);

it('what may rightly vary is no change: flags of indexes and defaults, names', async () => {
  let answers = 0;
  links.base.rewrite = onRows((answer) => {
    answers += 1;
    const column = at(answer.head, 2);
    // MULTIPLE_KEY, and only in every other answer.
    const flags = (column.at(-5) as number) ^ (answers % 2 === 0 ? 8 : 0);
    return packets(whole(answer).with(2, changed(column, -5, flags)));
  });
  const found = await compare('numbered', { pageRows: 10 });
  expect(found.end).toMatchObject({ kind: 'ended', outcome: 'match' });
  expect(answers).toBeGreaterThan(0);
});

it('through a link that changes nothing, equal tables match and others differ', async () => {
  expect((await compare('numbered')).end).toMatchObject({ outcome: 'match' });
  expect((await compare('paired', { strategy: 'checksum' })).end).toMatchObject({ outcome: 'match' });
  await servers.run('target', "UPDATE named SET v = 'other' WHERE k = 'k003'");
  expect((await compare('named')).lines).toEqual(['neq k003 v']);
});

const serverError = (errno: number) =>
  Buffer.concat([Buffer.from([0xff, errno & 0xff, errno >> 8]), Buffer.from('#08S01ended')]);

it.each([
  ['ends the session', 1927, 'CONNECTION_LOST'],
  ['belongs to some statement', 1064, 'PROTOCOL_BROKEN'],
] as const)('an error out of turn that %s (%i) is %s', async (_what, errno, code) => {
  links.base.rewrite = onRows((answer) =>
    renumbered(packets([...answer.head, serverError(errno)]), answer.head.length, 0),
  );
  const reader = new SqlRowReader(shelves.base, await servers.plan('numbered'), 'base');
  const reading = reader.readPage({ after: null, upTo: null }, { rows: 99, bytes: 1e6 }, noSignal);
  await expect(reading).rejects.toMatchObject({ code });
  await reader.close();
  await expect.poll(() => links.base.connections).toBe(0);
});

it('packets of the driver’s own answers whose numbers are out of order are PROTOCOL_BROKEN', async () => {
  links.base.rewritePrepared = (packet) => changed(packet, 3, 9);
  const warnings = vi.spyOn(console, 'error').mockReturnValue();
  const reader = new SqlRowReader(shelves.base, await servers.plan('numbered'), 'base');
  await expect(reader.lastKey({ after: null, upTo: null }, noSignal)).rejects.toMatchObject({
    code: 'PROTOCOL_BROKEN',
  });
  await reader.close();
  warnings.mockRestore();
});

it.each([
  [
    'a row that lacks its last byte',
    (answer: Answer) => withRow(answer, 1, at(answer.rows, 1).subarray(0, -1)),
  ],
  [
    'a row with a byte too many',
    (answer: Answer) => withRow(answer, 1, Buffer.concat([at(answer.rows, 1), EOF])),
  ],
  ['a length beyond the row', (answer: Answer) => withRow(answer, 1, changed(at(answer.rows, 1), 0, 250))],
  ['an empty packet', (answer: Answer) => withRow(answer, 1, Buffer.alloc(0), at(answer.rows, 1))],
  [
    'a definition that is cut',
    (answer: Answer) => packets(whole(answer).with(1, at(answer.head, 1).subarray(0, -3))),
  ],
  [
    'an EOF of 7 bytes',
    (answer: Answer) => packets(whole({ ...answer, end: Buffer.from([0xfe, 0, 0, 2, 0, 0, 0]) })),
  ],
  ['more results', (answer: Answer) => packets(whole({ ...answer, end: Buffer.from([0xfe, 0, 0, 10, 0]) }))],
  ['a number that is left out', (answer: Answer) => renumbered(packets(whole(answer)), 4, 77)],
  ['a row behind the EOF', (answer: Answer) => packets([...whole(answer), at(answer.rows, 1)])],
] as const)('an answer of the catalog with %s is PROTOCOL_BROKEN', async (_what, rewrite) => {
  const warnings = vi.spyOn(console, 'error').mockReturnValue();
  const session = await shelves.base.take();
  links.base.areQueriesToo = true;
  links.base.rewrite = onRows(rewrite);
  const sql = "SELECT 'one' AS a, 'two' AS b UNION ALL SELECT 'three', NULL UNION ALL SELECT 'four', 'five'";
  const asking = session.query(sql, noSignal).then(() => session.expectNothingBehind());
  await expect(asking).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
  expect(session.isUsable).toBe(false);
  warnings.mockRestore();
});

it('a table and its side are named, and no byte of a row', async () => {
  links.target.rewrite = onRows((answer) => withRow(answer, 9, at(answer.rows, 9).subarray(0, -1)));
  const fault = (await compare('numbered').catch((error: unknown) => error)) as Error;
  expect(fault.message).toMatch(/^Table numbered \(target\) on target \(127\.0\.0\.1:/);
  expect(fault.message).not.toContain('name 9');
});

it('captured answers, spoiled in any way on both sides, are a fault or what their bytes say', async () => {
  const seed = Date.now() % 1e6;
  console.log(`seed ${seed}`);
  const random = seededRandom(seed);
  const plan = await servers.plan('numbered');
  const shape = {
    of: 't',
    columns: 4,
    rowsMax: 524_288,
    key: ['integer'] as const,
    isOrdered: true,
    rowBytesMax: ROW_BYTES_MAX,
  };
  const outcomes = new Map<string, number>();
  for (let round = 0; round < 40; round += 1) {
    let spoiled: Buffer | undefined;
    let said: ReturnType<typeof referenceReading> | undefined;
    const rewrite = onRows((answer) => {
      // What ends too early is a server that is silent, which other tests wait for.
      while (!spoiled || !said || said.kind === 'more') {
        spoiled = mutated(packets(whole(answer)), random);
        said = referenceReading(spoiled, shape);
      }
      return spoiled;
    });
    links.base.rewrite = rewrite;
    links.target.rewrite = rewrite;
    const outcome = await findDifferences({ readers: readersOf }, plan).then(
      ({ end }) => (end.kind === 'ended' ? end.outcome : end.kind),
      (error: { code: string }) => error.code,
    );
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const allowed =
      said?.kind === 'rows'
        ? ['match', 'SCHEMA_CHANGED']
        : ['PROTOCOL_BROKEN', 'ROW_TOO_LARGE', 'STATEMENT_FAILED'];
    expect(allowed, `seed ${seed}, round ${round}: ${JSON.stringify(said)?.slice(0, 300)}`).toContain(
      outcome,
    );
  }
  expect(outcomes.get('PROTOCOL_BROKEN')).toBeGreaterThan(10);
});
