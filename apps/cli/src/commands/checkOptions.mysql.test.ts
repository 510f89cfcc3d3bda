import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesIn, type TestCli } from '../testing/testCli.ts';
import { plantedCounts, plantedLines, reportedLines, type TestShop, testShop } from '../testing/testShop.ts';

const FAST = ['--recheck-delays', '50', '--shard-rows', '1000', '--report', 'report.json'];

let shop: TestShop;
let cli: TestCli;
beforeAll(async () => {
  shop = await testShop('SRC');
  cli = await shop.cli();
  await on('source', [
    'CREATE TABLE parts (id INT PRIMARY KEY, code INT NOT NULL, a INT, b VARCHAR(20), f FLOAT, UNIQUE KEY by_code (code))',
    "INSERT INTO parts VALUES (1, 11, 1, 'x', 0.1), (2, 12, 2, 'y', 0.1), (3, 13, 3, 'z', 1.5e0)",
  ]);
  await on('destination', [
    'CREATE TABLE parts_new (id INT PRIMARY KEY, code INT NOT NULL, a2 BIGINT, b VARCHAR(20), f DOUBLE, UNIQUE KEY by_code (code))',
    "INSERT INTO parts_new VALUES (1, 11, 1, 'x', 0.1), (2, 12, 20, 'y', 0.1), (9, 13, 3, 'Z', 1.5e0)",
  ]);
});
afterAll(async () => {
  await cli?.[Symbol.asyncDispose]();
  await shop?.[Symbol.asyncDispose]();
});

async function on(place: 'source' | 'destination', statements: readonly string[]): Promise<void> {
  const { server, name } = shop.databases[place];
  const connection = await connect(server, name);
  for (const statement of statements) await connection.query(statement);
  await connection.end();
}

const MAPPED = ['--tables', 'parts', '--map', 'parts=parts_new', '--map', 'parts.a=a2'];

/** What a check of `parts` reports, as lines of table, type, key and columns. */
async function partsWith(flags: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await cli.run(['check', ...MAPPED, ...FAST, ...flags]);
  expect(code, stderr).toBe(stdout === '' ? 0 : 1);
  return reportedLines(linesIn(stdout));
}

const [ROW_2, GONE, NEW] = ['parts neq id=2 a', 'parts target_missing id=3', 'parts base_missing id=9'];

test.each(['checksum', 'auto'])('strategy %s finds exactly what was planted', async (strategy) => {
  const end = await cli.run(['check', '--tables', 'order*,cust*,ledger*', '--strategy', strategy, ...FAST]);
  expect(end.code, end.stderr).toBe(1);
  const planted = shop.planted.filter(({ table }) => /^(order|cust|ledger)/.test(table));
  expect(planted.length).toBeGreaterThan(0);
  expect(reportedLines(linesIn(end.stdout))).toEqual(plantedLines(planted));
  expect((await cli.report('report.json')).counts).toMatchObject(plantedCounts(planted));
});

test.each([
  ['a table and a column of other names', [], [NEW, ROW_2, GONE]],
  ['without a column', ['--exclude-columns', 'a'], [NEW, GONE]],
  ['without the column of a table', ['--exclude-columns', 'parts.a'], [NEW, GONE]],
  ['columns', ['--columns', 'b'], [NEW, GONE]],
  ['columns of a table', ['--columns', 'parts.b,parts.a'], [NEW, ROW_2, GONE]],
  ['a predicate', ['--where', 'id = 2 OR id = 9'], [NEW, ROW_2]],
  ['a predicate that only equal rows satisfy', ['--where', 'id < 2'], []],
  ['another key', ['--key', 'code'], ['parts neq code=12 a', 'parts neq code=13 b id']],
  [
    'a rule that is off',
    ['--rules-off', 'negativeZero,floatWidth'],
    [NEW, 'parts neq id=1 f', 'parts neq id=2 a f', GONE],
  ],
])('%s: %j compares as it says', async (_, flags, lines) => {
  expect(await partsWith(flags)).toEqual([...lines].sort());
});

test('explain shows the strategy, the predicate, what columns are read as, and their rules', async () => {
  const flags = ['--explain', '--where', 'id < 7', '--strategy', 'auto', '--rules-off', 'json'];
  const { code, stdout } = await cli.run(['check', ...MAPPED, ...flags]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/strategy auto; rules off: json/);
  expect(stdout).toMatch(/where base +id < 7\n +where target +id < 7/);
  expect(stdout).toMatch(/a \| a2 +int(\(11\))? \| bigint(\(20\))? +read as decimal\(20,0\)/);
  expect(stdout).toMatch(/f +float \| double +read as double, then by the rules negativeZero, floatWidth/);
  expect(stdout).toMatch(/reads target +SELECT .*`parts_new`.*\(id < 7\)/);
});

test.each([
  [['--tables', 'part*', '--where', 'id < 2'], '--where'],
  [['--tables', 'part*', '--map', 'parts=parts_new'], '--map'],
  [['--tables', 'part*', '--columns', 'a'], '--columns'],
  [['--tables', 'part*', '--exclude-columns', 'parts.a'], '--exclude-columns'],
  [['--tables', 'part*', '--key', 'id'], '--key'],
  [['--tables', 'parts', '--strategy', 'guess'], '--strategy'],
  [['--tables', 'parts', '--rules-off', 'case'], '--rules-off'],
])('what cannot be done as asked ends with 2 and names the flag: %j', async (flags, named) => {
  const end = await cli.run(['check', ...flags]);
  expect(end).toMatchObject({ code: 2, stdout: '' });
  expect(end.stderr).toContain(`${named}: `);
});

test('a predicate that the servers refuse ends with 2 and says so', async () => {
  const end = await cli.run(['check', ...MAPPED, ...FAST, '--where', 'no_such_column = 1']);
  expect(end, end.stderr).toMatchObject({ code: 2, stdout: '' });
  expect(end.stderr).toContain('PREDICATE_REFUSED');
  expect((await cli.report('report.json')).verdict).toBe('inconclusive');
});

test.each([
  [['--exclude-columns', 'parts.aa'], /Table parts: excludeColumns names aa, .*the closest: a, id, /],
  [['--columns', 'a,bb'], /Table parts: columns names bb, .*the closest: b, /],
  [['--exclude-columns', 'a,codee'], /excludeColumns names codee, which no table of the run has.*code/],
])('a column that is not there ends with 2 and the closest names: %j', async (flags, named) => {
  const end = await cli.run(['check', ...MAPPED, ...FAST, ...flags]);
  expect(end, end.stderr).toMatchObject({ code: 2, stdout: '' });
  const { verdict, failures } = await cli.report('report.json');
  expect(verdict).toBe('inconclusive');
  expect(failures).toMatchObject([{ code: 'COLUMN_MISSING', message: expect.stringMatching(named) }]);
});

test('a column that some tables lack is left out of those that have it', async () => {
  const tables = ['--tables', 'parts,customers', '--map', 'parts=parts_new', '--map', 'parts.a=a2'];
  const end = await cli.run(['check', ...tables, ...FAST, '--exclude-columns', 'a']);
  const ofParts = reportedLines(linesIn(end.stdout)).filter((line) => line.startsWith('parts '));
  expect(ofParts, end.stderr).toEqual([NEW, GONE]);
  expect((await cli.report('report.json')).failures).toEqual([]);
});
