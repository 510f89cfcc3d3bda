import { runSpec } from '@rowparity/contracts';
import { DEFAULT_TABLE_OPTIONS, planTable, type TableOptions } from '@rowparity/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findDifferences } from '../testing/findDifferences.ts';
import { noSignal, type TestServers, testServers } from '../testing/tablePair.ts';

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
});

afterAll(() => servers.close());

async function planning(table: string, options: TableOptions = DEFAULT_TABLE_OPTIONS) {
  const base = await servers.catalogs.base.describe(table, noSignal);
  const target = await servers.catalogs.target.describe(table, noSignal);
  if (!base || !target) throw new Error(`no table ${table}`);
  return planTable({ base, target }, options);
}

async function linesOf(
  table: string,
  options: TableOptions = DEFAULT_TABLE_OPTIONS,
): Promise<readonly string[]> {
  const planned = await planning(table, options);
  if (planned.kind === 'refused') return [planned.refusal.code];
  return (await findDifferences(servers, planned.plan)).lines;
}

let made = 0;

/** A table of one column beside its key, with a type of its own and values of its own on each side. */
async function pair(
  base: readonly [string, ...string[]],
  target: readonly [string, ...string[]],
): Promise<string> {
  made += 1;
  const table = `pair${made}`;
  for (const [side, [type, ...values]] of [
    ['base', base],
    ['target', target],
  ] as const) {
    const rows = values.map((value, i) => `INSERT INTO ${table} VALUES (${i + 1}, ${value})`);
    await servers.run(
      side,
      "SET SESSION sql_mode = '', time_zone = '+00:00'",
      `CREATE TABLE ${table} (id INT PRIMARY KEY, c ${type})`,
      ...rows,
    );
  }
  return table;
}

it.each([
  ['INT', 'BIGINT', ['5', '-5', '0', 'NULL', '2147483647']],
  ['TINYINT UNSIGNED', 'INT', ['0', '255', 'NULL']],
  ['INT', 'BIGINT UNSIGNED', ['0', '7', 'NULL']],
  ['DECIMAL(10,2)', 'DECIMAL(12,4)', ['1.50', '-0.01', '0', 'NULL']],
  ['BIGINT', 'DECIMAL(20,0)', ['9007199254740993', '-1', 'NULL']],
  ['BIT(1)', 'TINYINT(1)', ['0', '1', 'NULL']],
  ['BIT(8)', 'BIT(40)', ['0', '255', 'NULL']],
  ['YEAR', 'SMALLINT', ['1999', '2155', 'NULL']],
  ['VARCHAR(10) CHARACTER SET latin1', 'VARCHAR(50) CHARACTER SET utf8mb4', ["'é'", "'abc'", "''", 'NULL']],
  ['VARCHAR(10)', 'TEXT', ["'a'", "''", 'NULL']],
  ['VARCHAR(9) CHARACTER SET cp1251', 'VARCHAR(9) CHARACTER SET utf8mb4', ["'Ж'", "'ab'", "''", 'NULL']],
  ['VARCHAR(9) CHARACTER SET sjis', 'TEXT CHARACTER SET ujis', ["'日本'", "'ab'", 'NULL']],
  ['VARCHAR(9) CHARACTER SET ucs2', 'VARCHAR(9) CHARACTER SET latin1', ["'é'", "'ab'", "''", 'NULL']],
  ["ENUM('a','é') CHARACTER SET latin1", 'VARCHAR(5) CHARACTER SET utf16', ["'a'", "'é'", 'NULL']],
  ['DECIMAL(10,2) ZEROFILL', 'DECIMAL(10,2) UNSIGNED', ['1.50', '0', '99999999.99', 'NULL']],
  ['DECIMAL(10,2) ZEROFILL', 'DECIMAL(14,2) ZEROFILL', ['1.50', '0', 'NULL']],
  ["SET('a','b','c')", "SET('c','b','a')", ["'a,b'", "'a,b,c'", "''", 'NULL', "'c'"]],
  ["SET('a','é') CHARACTER SET latin1", "SET('é','a')", ["'a,é'", "'é'", 'NULL']],
  ['CHAR(5)', 'VARCHAR(5)', ["'a'", "''"]],
  ['DATETIME', 'TIMESTAMP NULL', ["'2024-05-06 07:08:09'", 'NULL']],
  ['DATETIME(0)', 'DATETIME(6)', ["'2024-05-06 07:08:09'", 'NULL']],
  ["ENUM('a','b')", "ENUM('b','a','c')", ["'a'", "'b'", 'NULL']],
  ['FLOAT', 'DOUBLE', ['0.1', '1.5', 'NULL', '-3e10']],
  ['BINARY(3)', 'VARBINARY(3)', ["X'010203'"]],
] as const)('equal values in %s and %s are equal, and a changed one is not', async (a, b, values) => {
  expect(await linesOf(await pair([a, ...values], [b, ...values]))).toEqual([]);
  const changed = [...values.slice(1), values[0]];
  const lines = await linesOf(await pair([a, ...values], [b, ...changed]));
  expect(lines).toEqual(values.flatMap((value, i) => (value === changed[i] ? [] : [`neq ${i + 1} c`])));
});

it('unsigned and negative integers of one bit pattern are different', async () => {
  const table = await pair(['BIGINT', '-1'], ['BIGINT UNSIGNED', '18446744073709551615']);
  expect(await linesOf(table)).toEqual(['neq 1 c']);
});

it.each([
  ['INT', 'VARCHAR(9)'],
  ['DATE', 'DATETIME'],
  ['VARCHAR(9)', 'VARBINARY(9)'],
])('%s and %s are refused by name', async (a, b) => {
  expect(await linesOf(await pair([a], [b]))).toEqual(['COLUMN_TYPES_DIFFER']);
});

it('a rule that is switched off makes unequal bytes a difference again', async () => {
  const table = await pair(['FLOAT', '0.1'], ['DOUBLE', '0.1']);
  expect(await linesOf(table)).toEqual([]);
  const columns = { ...DEFAULT_TABLE_OPTIONS.columns, rulesOff: ['floatWidth'] as const };
  expect(await linesOf(table, { ...DEFAULT_TABLE_OPTIONS, columns })).toEqual(['neq 1 c']);
});

it('keys that differ in width are one key', async () => {
  await servers.run(
    'base',
    'CREATE TABLE widths (id INT PRIMARY KEY, v INT)',
    'INSERT INTO widths VALUES (1,1),(2,2),(3,3)',
  );
  await servers.run(
    'target',
    'CREATE TABLE widths (id BIGINT UNSIGNED PRIMARY KEY, v INT)',
    'INSERT INTO widths VALUES (1,1),(2,9),(4,4)',
  );
  expect(await linesOf('widths')).toEqual(['base_missing 4 ', 'neq 2 v', 'target_missing 3 ']);
});

it('keys that are equal under their collation and not in bytes are one neq that names the key', async () => {
  const table = 'CREATE TABLE spelled (code VARCHAR(20) COLLATE utf8mb4_general_ci PRIMARY KEY, v INT)';
  await servers.runBoth(table);
  await servers.run('base', "INSERT INTO spelled VALUES ('abc',1),('b',2),('Zed',3)");
  await servers.run('target', "INSERT INTO spelled VALUES ('ABC',1),('b',2),('Zed',4)");
  expect(await linesOf('spelled')).toEqual(['neq Zed v', 'neq abc code']);
});

it('columns are left out, chosen and renamed as the spec says, and key columns stay', async () => {
  await servers.run(
    'base',
    'CREATE TABLE shaped (id INT PRIMARY KEY, a INT, b INT, c INT)',
    'INSERT INTO shaped VALUES (1,1,1,1)',
  );
  await servers.run(
    'target',
    'CREATE TABLE shaped (c INT, id INT PRIMARY KEY, a2 INT, b INT)',
    'INSERT INTO shaped VALUES (9,1,2,3)',
  );
  const { columns } = DEFAULT_TABLE_OPTIONS;
  const renamed = { a: 'a2' };
  expect(await linesOf('shaped')).toEqual(['COLUMN_MISSING']);
  expect(await linesOf('shaped', { ...DEFAULT_TABLE_OPTIONS, columns: { ...columns, renamed } })).toEqual([
    'neq 1 a,b,c',
  ]);
  expect(
    await linesOf('shaped', {
      ...DEFAULT_TABLE_OPTIONS,
      columns: { ...columns, renamed, except: ['B', 'c'] },
    }),
  ).toEqual(['neq 1 a']);
  expect(await linesOf('shaped', { ...DEFAULT_TABLE_OPTIONS, columns: { ...columns, only: ['b'] } })).toEqual(
    ['neq 1 b'],
  );
  expect(
    await linesOf('shaped', { ...DEFAULT_TABLE_OPTIONS, columns: { ...columns, only: ['nope'] } }),
  ).toEqual(['COLUMN_MISSING']);
});

it('a predicate leaves out rows on both sides', async () => {
  await servers.runBoth('CREATE TABLE filtered (id INT PRIMARY KEY, old INT, v INT)');
  await servers.run('base', 'INSERT INTO filtered VALUES (1,0,1),(2,1,1),(3,0,1)');
  await servers.run('target', 'INSERT INTO filtered VALUES (1,0,1),(2,1,5),(3,0,5),(4,1,1)');
  expect(
    await linesOf('filtered', {
      ...DEFAULT_TABLE_OPTIONS,
      where: { base: 'old = 0', target: 'old = 0 OR FALSE' },
    }),
  ).toEqual(['neq 3 v']);
});

it('generated and invisible columns are compared', async () => {
  await servers.runBoth(
    `CREATE TABLE hidden (id INT PRIMARY KEY, a INT, g INT GENERATED ALWAYS AS (a * 2) STORED, h INT INVISIBLE)`,
  );
  await servers.run('base', 'INSERT INTO hidden (id, a, h) VALUES (1, 1, 1), (2, 1, 1)');
  await servers.run('target', 'INSERT INTO hidden (id, a, h) VALUES (1, 2, 1), (2, 1, 5)');
  expect(await linesOf('hidden')).toEqual(['neq 1 a,g', 'neq 2 h']);
});

it('rows at the ends of the key space and far more rows on the target are all found', async () => {
  await servers.runBoth('CREATE TABLE lopsided (id INT PRIMARY KEY, v INT)');
  await servers.run('base', 'INSERT INTO lopsided VALUES (5000, 1), (5001, 1)');
  const many = Array.from({ length: 10_000 }, (_, i) => `(${i}, 1)`).join(',');
  await servers.run('target', `INSERT INTO lopsided VALUES ${many}`);

  const planned = await planning('lopsided');
  if (planned.kind === 'refused') throw new Error(planned.refusal.message);
  const { lines, counts } = await findDifferences(servers, planned.plan, { pageRows: 50 });
  expect(counts).toMatchObject({
    baseMissing: 9998,
    targetMissing: 0,
    neq: 0,
    rowsBase: 2,
    rowsTarget: 10_000,
  });
  expect(new Set(lines).size).toBe(9998);
  expect(lines.every((line) => line.startsWith('base_missing'))).toBe(true);
});

it('a spec with all of these is valid', () => {
  const table = {
    name: 'a',
    columns: ['x'],
    excludeColumns: ['y'],
    renamedColumns: { x: 'z' },
    where: 'x > 1',
  };
  const spec = { version: 1, runId: 'r', source: 's', destination: 'd', direction: 'SRC', tables: [table] };
  expect(runSpec.safeParse(spec).success).toBe(true);
});
