/**
 * Keys of every type that can tell rows apart: cut into shards, read in small pages, each difference found by its key.
 */
import type { KeyRange, KeyTuple, TablePlan } from '@rowparity/contracts';
import { cutTable } from '@rowparity/core';
import { seededRandom } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findDifferences } from '../testing/findDifferences.ts';
import { noSignal, type TestServers, testServers } from '../testing/tablePair.ts';

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
});

afterAll(() => servers.close());

interface KeyCase {
  readonly type: string;
  /** Literals, in the order of the key. */
  readonly values: readonly string[];
  readonly only?: 'mysql' | 'mariadb';
  /** How an event shows a literal. */
  shown?(literal: string): string;
  /** Behind the type in the key's definition. */
  readonly order?: string;
}

const unquoted = (literal: string) => literal.replace(/^'(.*)'$/, '$1');
const range = (count: number, make: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i));
const pad = (i: number, digits: number) => String(i).padStart(digits, '0');
const members = range(60, (i) => `'m${pad(59 - i, 2)}'`);

const CASES: readonly KeyCase[] = [
  { type: 'YEAR', values: ['0', ...range(99, (i) => String(1901 + 2 * i))] },
  { type: 'TIME(3)', values: range(90, (i) => `'${i < 45 ? '-' : ''}${pad(Math.abs(i - 45) * 8, 2)}:0${i % 7}:11.25'`), shown: (text) => `${unquoted(text)}0000` },
  { type: 'BIT(12)', values: range(100, (i) => String(i * 40)) },
  { type: `ENUM(${members.join(',')})`, values: members, shown: unquoted },
  { type: "SET('a','b','c','d','e','f')", values: range(60, (i) => String(i + 1)), shown: (number) => [...'abcdef'].filter((_, bit) => (Number(number) >> bit) % 2 === 1).join(',') },
  { type: 'FLOAT', values: range(80, (i) => String((i - 40) * 1.25)) },
  { type: 'DOUBLE', values: range(80, (i) => `${(i - 40) * 1e15 + 0.5}e0`), shown: (text) => String(Number(text)) },
  { type: 'DATE', values: ["'0000-00-00'", "'1950-02-31'", "'1950-04-00'", ...range(80, (i) => `'${1951 + i}-0${1 + (i % 9)}-1${i % 10}'`)], shown: unquoted },
  { type: 'DATETIME', values: ["'0000-00-00 00:00:00'", "'1950-02-31 10:00:00'", ...range(80, (i) => `'${1951 + i}-0${1 + (i % 9)}-1${i % 10} 10:11:12'`)], shown: unquoted },
  { type: 'DECIMAL(12,2) ZEROFILL', values: range(90, (i) => `${i * 1000}.50`) },
  { type: 'UUID', values: range(60, (i) => `'${pad(i, 8)}-0000-4000-8000-0000000000${pad(i, 2)}'`), only: 'mariadb', shown: unquoted },
  { type: 'INET6', values: range(60, (i) => `'2001:db8::${(i + 1).toString(16)}'`), only: 'mariadb', shown: unquoted },
  { type: 'INT', values: range(90, (i) => String(90 - i)), order: 'DESC' },
  { type: 'VARCHAR(20) CHARACTER SET cp932 COLLATE cp932_bin', values: ["CONVERT(X'8790' USING cp932)", ...range(60, (i) => `'k${pad(i, 3)}'`)], shown: (text) => (text.startsWith('C') ? '8790' : unquoted(text)) },
  { type: 'VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_german1_ci', values: range(60, (i) => `'é${pad(i, 3)}'`), shown: unquoted },
  { type: 'VARCHAR(20) CHARACTER SET ucs2', values: range(60, (i) => `'ж${pad(i, 3)}'`), shown: unquoted },
]; // biome-ignore format: one table

it.each(CASES.map((one) => [one.type, one] as const))(
  '%s',
  async (_, { type, values, only, order, ...of }) => {
    const flavours = [servers.databases.base, servers.databases.target].map(({ server }) => server.flavour);
    if (only && flavours.some((flavour) => flavour !== only)) return;
    const { shown = (literal) => literal } = of;
    const table = `key${CASES.findIndex((one) => one.type === type)}`;
    const rows = values.map((value, i) => `(${value}, ${i})`);
    await servers.runBoth(
      "SET SESSION sql_mode = 'ALLOW_INVALID_DATES'",
      `CREATE TABLE ${table} (k ${type} NOT NULL, v INT NOT NULL, PRIMARY KEY (k ${order ?? ''}))`,
      `INSERT INTO ${table} VALUES ${rows.join(',')}`,
      `ANALYZE TABLE ${table}`,
    );
    await servers.run('target', `UPDATE ${table} SET v = -1 WHERE v % 3 = 0 OR v = 1`);
    await servers.run('target', `DELETE FROM ${table} WHERE v = 2`);
    await servers.run('base', `DELETE FROM ${table} WHERE v = 5`);
    const plan = await servers.plan(table);
    const ranges = await cutTable(plan, { catalogs: servers.catalogs, wantedRows: 20, signal: noSignal });
    const lines = await allLines(plan, ranges, 'exact');
    const expected = values.flatMap((value, i) => {
      if (i === 2) return [`target_missing ${shown(value)} `];
      if (i === 5) return [`base_missing ${shown(value)} `];
      return i % 3 === 0 || i === 1 ? [`neq ${shown(value)} v`] : [];
    });
    expect(lines).toEqual(expected.sort());
    expect(await allLines(plan, ranges, 'checksum')).toEqual(lines);
    await expectCounted(plan);
    expect(ranges.length).toBeGreaterThan(1);
  },
);

async function allLines(
  plan: TablePlan,
  ranges: readonly KeyRange[],
  strategy: 'exact' | 'checksum',
): Promise<string[]> {
  const found: string[] = [];
  for (const one of ranges) {
    found.push(...(await findDifferences(servers, plan, { range: one, pageRows: 7, strategy })).lines);
  }
  return found.sort();
}

/** Keys that are counted by one statement are those that are found one behind the other. */
async function expectCounted(plan: TablePlan): Promise<void> {
  const { base, target } = servers.readers(plan);
  const one: KeyTuple[] = [];
  for (;;) {
    const after = one.at(-1) ?? null;
    const [next] = await base.keysBehind({ after, upTo: null }, { rows: 9, keys: 1 }, noSignal);
    if (!next) break;
    one.push(next);
  }
  expect(await base.keysBehind({ after: null, upTo: null }, { rows: 9, keys: 50 }, noSignal)).toEqual(one);
  await Promise.all([base.close(), target.close()]);
}

it('a key of several columns, some of them descending', async () => {
  const rows = range(90, (i) => `(${i % 5}, ${i}, ${i})`).join(',');
  await servers.runBoth(
    'CREATE TABLE mixed (a INT, b INT, v INT, PRIMARY KEY (a, b DESC))',
    `INSERT INTO mixed VALUES ${rows}`,
  );
  await servers.run('target', 'UPDATE mixed SET v = -1 WHERE b IN (7, 31, 88)');
  const { lines } = await findDifferences(servers, await servers.plan('mixed'), { pageRows: 7 });
  expect(lines).toEqual(['neq 1/31 v', 'neq 2/7 v', 'neq 3/88 v']);
});

it('a unique index that is a prefix of its column tells rows apart, too', async () => {
  const rows = range(60, (i) => `('p${pad(i, 3)}-tail', ${i})`).join(',');
  await servers.runBoth(
    'CREATE TABLE prefixed (k VARCHAR(100) NOT NULL, v INT, UNIQUE KEY (k(6)))',
    `INSERT INTO prefixed VALUES ${rows}`,
  );
  await servers.run('target', 'UPDATE prefixed SET v = -1 WHERE v IN (7, 31)');
  const { lines } = await findDifferences(servers, await servers.plan('prefixed'), { pageRows: 7 });
  expect(lines).toEqual(['neq p007-tail v', 'neq p031-tail v']);
});

it('an index that is invisible or ignored on one side is no index to read by', async () => {
  const hide = { mysql: 'ALTER INDEX u INVISIBLE', mariadb: 'ALTER INDEX u IGNORED' } as const;
  const { flavour } = servers.databases.target.server;
  await servers.runBoth(
    'CREATE TABLE hidden (k INT NOT NULL, v INT, id INT AUTO_INCREMENT PRIMARY KEY, UNIQUE KEY u (k))',
    `INSERT INTO hidden (k, v) VALUES ${range(60, (i) => `(${i}, ${i})`).join(',')}`,
  );
  await servers.run('target', `ALTER TABLE hidden ${hide[flavour]}`, 'UPDATE hidden SET v = -1 WHERE k = 31');
  const plan = await servers.plan('hidden', ['k']);
  expect(plan.indexes).toEqual({ base: 'u', target: null });
  const ranges = await cutTable(plan, { catalogs: servers.catalogs, wantedRows: 10, signal: noSignal });
  expect(ranges).toEqual([{ after: null, upTo: null }]);
  expect((await findDifferences(servers, plan, { pageRows: 7 })).lines).toEqual(['neq 31 v']);
});

it('an INT key beside a DECIMAL key is planned and read in one form', async () => {
  await servers.run('base', 'CREATE TABLE digits (k INT PRIMARY KEY, v INT)');
  await servers.run('target', 'CREATE TABLE digits (k DECIMAL(20,0) PRIMARY KEY, v INT)');
  await servers.runBoth(
    `INSERT INTO digits VALUES ${range(400, (i) => `(${i * 3}, ${i})`).join(',')}`,
    'ANALYZE TABLE digits',
  );
  await servers.run('target', 'UPDATE digits SET v = -1 WHERE k = 600');
  const plan = await servers.plan('digits');
  const ranges = await cutTable(plan, { catalogs: servers.catalogs, wantedRows: 50, signal: noSignal });
  expect(ranges.length).toBeGreaterThan(3);
  expect(await allLines(plan, ranges, 'exact')).toEqual(['neq 600 v']);
});

it.each([
  ['utf8mb4 COLLATE utf8mb4_general_ci', 'utf8mb4 COLLATE utf8mb4_unicode_ci'],
  ['latin1 COLLATE latin1_swedish_ci', 'utf8mb4 COLLATE utf8mb4_unicode_520_ci'],
  ['latin1 COLLATE latin1_bin', 'utf8mb4 COLLATE utf8mb4_bin'],
])(
  'a text key of %s and %s is compared, though the sides sort it differently, and each row counts once',
  async (a, b) => {
    const random = seededRandom(7);
    const letters = [...'aAbBzZäÄßéñ-_ .09'];
    const keys = range(600, (i) => `'${range(4, () => random.pick(letters)).join('')}${i}'`);
    const rows = keys.map((key, i) => `(${key}, ${i})`).join(',');
    await servers.runBoth('DROP TABLE IF EXISTS sorted');
    await servers.run('base', `CREATE TABLE sorted (k VARCHAR(20) CHARACTER SET ${a} PRIMARY KEY, v INT)`);
    await servers.run('target', `CREATE TABLE sorted (k VARCHAR(20) CHARACTER SET ${b} PRIMARY KEY, v INT)`);
    await servers.runBoth(`INSERT INTO sorted VALUES ${rows}`);
    await servers.run(
      'target',
      'UPDATE sorted SET v = -1 WHERE v % 50 = 0',
      'DELETE FROM sorted WHERE v IN (7, 201)',
    );
    await servers.run('base', 'DELETE FROM sorted WHERE v IN (33, 444)');
    const plan = await servers.plan('sorted');
    const { events } = await findDifferences(servers, plan, { pageRows: 7 });
    const named = (i: number) => unquoted(keys[i] as string);
    expect(events.map(({ Type, Key }) => `${Type} ${Key?.k}`).sort()).toEqual(
      [
        ...range(12, (i) => `neq ${named(50 * i)}`),
        ...[7, 201].map((i) => `target_missing ${named(i)}`),
        ...[33, 444].map((i) => `base_missing ${named(i)}`),
      ].sort(),
    );
  },
);
