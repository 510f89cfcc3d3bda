// What differs is told in groups of one cause, each with its number of rows and an example, and what to do next.
import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestShop, testShop } from '../testing/testShop.ts';

let shop: TestShop;
const ROWS = 300;

beforeAll(async () => {
  shop = await testShop();
  const rows = Array.from(
    { length: ROWS },
    (_, i) => `(${i}, 'Müller ${i}', ${i}.125, '2026-11-01 00:00:00', ${i}, JSON_OBJECT('a', ${i}))`,
  );
  for (const { server, name } of Object.values(shop.databases)) {
    const admin = await connect(server, name);
    await admin.query(
      'CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(60), balance DECIMAL(12,3), updated_at DATETIME, n INT, j JSON)',
    );
    await admin.query(`INSERT INTO people VALUES ${rows.join(', ')}`);
    await admin.end();
  }
  const { server, name } = shop.databases.destination;
  const admin = await connect(server, name);
  for (const statement of [
    'UPDATE people SET balance = ROUND(balance, 2) WHERE id < 14',
    "UPDATE people SET updated_at = '2026-11-02 03:04:05' WHERE id >= 20 AND id < 70",
    'UPDATE people SET name = LEFT(name, 6) WHERE id IN (100, 101, 102)',
    "UPDATE people SET name = REPLACE(name, 'ü', '?') WHERE id IN (110, 111)",
    'UPDATE people SET n = -n WHERE id = 120',
    "UPDATE people SET n = 77777, name = 'someone' WHERE id = 121",
    'DELETE FROM people WHERE id >= 290',
    "INSERT INTO people VALUES (1000, 'extra', 1, NULL, 1, NULL)",
  ]) {
    await admin.query(statement);
  }
  await admin.end();
});
afterAll(() => shop?.[Symbol.asyncDispose]());

const EXPECTED = [
  'people.updated_at: 50 rows differ: the update time alone (all of id 20 to 69)',
  'people.balance: 14 rows differ: rounded to 2 decimals (all of id 0 to 13)',
  'people: 10 rows missing on destination (all of id 290 to 299)',
  'people.name: 3 rows differ: truncated at 6 (all of id 100 to 102)',
  'people.name: 2 rows differ: characters lost as "?" (all of id 110 to 111)',
  'people.n: 1 row differs (id=121)',
  'people.n: 1 row differs: the sign (id=120)',
  'people.name: 1 row differs (id=121)',
  'people: 1 row only on destination (id=1000)',
];

test.each(['exact', 'checksum'])(
  'strategy %s: each group once, and the commands that come next',
  async (strategy) => {
    await using cli = await shop.cli();
    const check = ['check', '--tables', 'people', '--strategy', strategy, '--recheck-delays', '1,1'];
    const { code, stderr } = await cli.run([...check, '--events', 'events.ndjson']);
    expect(code).toBe(1);
    const lines = stderr.split('\n');
    const from = lines.indexOf('Causes');
    const found = lines.slice(from + 1, lines.indexOf('', from)).map((line) => line.trim());
    expect(found.toSorted()).toEqual(EXPECTED.toSorted());
    expect(lines.slice(lines.indexOf('Next'))).toEqual([
      'Next',
      '  rowparity diff events.ndjson',
      '  rowparity repair events.ndjson --sql repair.sql',
      '',
    ]);
  },
);

test('a check without a difference tells no causes', async () => {
  await using cli = await shop.cli();
  const same = [
    'check',
    '--tables',
    'people',
    '--columns',
    'j',
    '--where',
    'id < 290',
    '--recheck-delays',
    '1,1',
  ];
  const equal = await cli.run([...same, '--events', 'equal.ndjson']);
  expect([equal.code, equal.stderr.includes('Causes')]).toEqual([0, false]);
});

test('every row counts, also those whose keys are not kept, on either side of a stop', async () => {
  const rows = 2500;
  for (const [place, { server, name }] of Object.entries(shop.databases)) {
    const admin = await connect(server, name);
    await admin.query('CREATE TABLE signs (id INT PRIMARY KEY, n INT NOT NULL)');
    const sign = place === 'source' ? 1 : -1;
    await admin.query('INSERT INTO signs VALUES ?', [
      Array.from({ length: rows }, (_, id) => [id, sign * (1000 + id)]),
    ]);
    await admin.end();
  }
  await using cli = await shop.cli();
  const check = [
    'check',
    '--tables',
    'signs',
    '--recheck-delays',
    '1,1',
    '--shard-rows',
    '100',
    '--concurrency',
    '1',
  ];
  const out = ['--events', 'events.ndjson', '--report', 'report.json', '--ledger', 'run.sqlite'];
  expect((await cli.run([...check, ...out, '--limit', '700'])).code).toBe(1);
  expect((await cli.run([...check, ...out, '--resume'])).code).toBe(1);
  const { causes, causesBeyond, tables } = await cli.report('report.json');
  expect(tables[0]?.known).toEqual({ kept: 1000, beyond: rows - 1000 });
  expect({ causes, causesBeyond }).toMatchObject({
    causes: [{ table: 'signs', column: 'n', cause: { code: 'sign' }, rows, low: '0', high: `${rows - 1}` }],
    causesBeyond: 0,
  });
});
