import type { TablePlan } from '@rowparity/contracts';
import { connect, seededRandom } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVERYTHING, noSignal, type TestServers, testServers } from '../testing/tablePair.ts';
import { framedColumns, joined } from './digestSql.ts';

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
});

afterAll(() => servers.close());

async function digestsOf(plan: TablePlan): Promise<readonly [string, string]> {
  const { base, target } = servers.readers(plan);
  const digests = await Promise.all([base, target].map((reader) => reader.digests([EVERYTHING], noSignal)));
  await Promise.all([base.close(), target.close()]);
  return digests.map(([one]) => one?.digest) as [string, string];
}

/** Bytes that the server puts into one text. */
async function packetMax(): Promise<number> {
  const { server, name } = servers.databases.base;
  const connection = await connect(server, name);
  const [[row]] = (await connection.query('SELECT @@max_allowed_packet AS bytes')) as unknown as [
    { readonly bytes: number }[],
  ];
  await connection.end();
  return Number(row?.bytes);
}

it.each([
  ['LONGBLOB', 'as hex'],
  ['LONGTEXT CHARACTER SET latin1', 'in utf8mb4'],
])('a %s that %s is longer than a packet is not taken for NULL, nor for another one', async (type) => {
  const table = `wide_${type.slice(4, 8)}`;
  const bytes = Math.floor((await packetMax()) * 0.55);
  // The server makes the values when it is asked for them, so nothing long is stored.
  await servers.runBoth(
    `CREATE TABLE ${table} (id INT PRIMARY KEY, c CHAR(1) CHARACTER SET latin1, v ${type} AS (REPEAT(c, ${bytes})) VIRTUAL)`,
  );
  const plan = await servers.plan(table);
  const long = { ...plan, columns: plan.columns.filter(({ names }) => names.base !== 'c') };
  for (const [base, target] of [
    ["'é'", "'è'"],
    ["'é'", 'NULL'],
  ]) {
    await servers.run('base', `REPLACE INTO ${table} (id, c) VALUES (1, ${base})`);
    await servers.run('target', `REPLACE INTO ${table} (id, c) VALUES (1, ${target})`);
    const [ofBase, ofTarget] = await digestsOf(long);
    expect(ofBase).not.toBe(ofTarget);
  }
});

/** Everything that a separator, a mark, a length or a conversion could be taken for. */
const PIECES = [
  '',
  ',',
  ':',
  'N',
  '0',
  '1',
  '12',
  'N,',
  '1:',
  ',N',
  '0:,',
  'a',
  'A',
  'é',
  ' ',
  '\\',
  "'",
  '\u0000',
  '😀',
  '3:a,b',
];

it('rows that differ in anything have different texts, whatever their values hold', async () => {
  await servers.runBoth(
    `CREATE TABLE framed (id INT PRIMARY KEY, a VARCHAR(20) COLLATE utf8mb4_bin, b VARBINARY(60), n INT, c VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL,
       t DATETIME(3), j JSON, e ENUM('N', '1', ''), d DOUBLE, l VARCHAR(9) CHARACTER SET latin1)`,
  );
  const plan = await servers.plan('framed');
  const random = seededRandom(20261127);
  const pick = <T>(values: readonly T[]): T => values[random.int(0, values.length - 1)] as T;
  const text = () => pick(PIECES) + pick(PIECES);
  const orNull = <T>(value: T): T | null => (random.int(1, 4) === 1 ? null : value);
  const rows = Array.from({ length: 4000 }, (_, id) => [
    id,
    orNull(text()),
    orNull(Buffer.from(text())),
    orNull(pick([0, 1, 12])),
    text(),
    orNull(pick(['2026-11-27 10:00:00.125', '2026-11-27 10:00:00.000'])),
    orNull(pick(['{}', '[]', '"N"', 'null', '1', '{"a": ","}', '["a", "b"]', '"\\\\u0000"'])),
    orNull(pick(['N', '1', ''])),
    orNull(pick([0, 0.1, 0.10000000000000002, 1e300])),
    orNull(pick(['é', 'N', '1:é', ''])),
  ]);
  const { server, name } = servers.databases.base;
  const connection = await connect(server, name);
  await connection.query("SET NAMES utf8mb4, sql_mode = 'STRICT_ALL_TABLES'");
  await connection.query('INSERT INTO framed VALUES ?', [rows]);
  // Without the key, which tells every two rows apart.
  const columns = framedColumns(
    { ...plan, columns: plan.columns.filter(({ names }) => names.base !== 'id') },
    'base',
  );
  // Few columns at a time, too: rows that share most of their values are the hard ones.
  for (const some of [columns, columns.slice(0, 4), columns.slice(2, 5), columns.slice(5)]) {
    const [found] = await connection.query(
      `SELECT HEX(${joined(some)}) AS framed, id FROM framed ORDER BY id`,
    );
    const places = some.map((column) => columns.indexOf(column) + 1);
    const byText = new Map<string, string>();
    for (const { framed, id } of found as { framed: string; id: number }[]) {
      const values = JSON.stringify(places.map((place) => identity(rows[id]?.[place])));
      expect(byText.get(framed) ?? values, framed).toBe(values);
      byText.set(framed, values);
    }
    const texts = new Set(byText.values());
    // And equal rows have one text.
    expect(byText.size).toBe(texts.size);
  }
  await connection.end();
});

function identity(value: unknown): unknown {
  return Buffer.isBuffer(value) ? { hex: value.toString('hex') } : value;
}
