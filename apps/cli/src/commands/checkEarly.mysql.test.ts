// A check that ends before its verdict because its user said so: what it found counts, and the run can be continued.
import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestShop, testShop } from '../testing/testShop.ts';

let shop: TestShop;
const ROWS = 3000;
const CHECK = [
  'check',
  '--tables',
  'many',
  '--shard-rows',
  '100',
  '--recheck-delays',
  '1,1',
  '--concurrency',
  '1',
];
const OUT = ['--events', 'events.ndjson', '--ledger', 'run.sqlite'];

beforeAll(async () => {
  shop = await testShop();
  for (const [place, { server, name }] of Object.entries(shop.databases)) {
    const admin = await connect(server, name);
    await admin.query('CREATE TABLE many (id INT PRIMARY KEY, v VARCHAR(20))');
    await admin.query('INSERT INTO many VALUES ?', [Array.from({ length: ROWS }, (_, id) => [id, place])]);
    await admin.end();
  }
});
afterAll(() => shop?.[Symbol.asyncDispose]());

test('--limit ends it when so many rows differ, and --resume finds the others', async () => {
  await using cli = await shop.cli();
  const { code, stderr } = await cli.run([...CHECK, ...OUT, '--limit', '150']);
  expect(code, stderr).toBe(1);
  expect(stderr).toContain('150 rows differ (--limit)');
  expect(stderr).toContain('Not settled');
  const found = (await cli.lines('events.ndjson')).length;
  expect(found).toBeGreaterThanOrEqual(150);
  expect(found).toBeLessThan(ROWS);
  const resumed = await cli.run([...CHECK, ...OUT, '--resume']);
  expect(resumed.code, resumed.stderr).toBe(1);
  const ids = (await cli.lines('events.ndjson')).map((line) => JSON.parse(line).EventID);
  expect(new Set(ids).size).toBe(ROWS);
});

test('a limit that is not reached changes nothing', async () => {
  await using cli = await shop.cli();
  const { code, stderr } = await cli.run([...CHECK, ...OUT, '--limit', `${ROWS + 1}`, '--max-minutes', '60']);
  expect(code).toBe(1);
  expect(stderr).toContain('Inconsistent');
});

test.each([
  ['--limit', '0'],
  ['--limit', 'many'],
  ['--max-minutes', '0.5'],
])('%s %s is refused before anything is compared', async (flag, value) => {
  await using cli = await shop.cli();
  const { code, stderr } = await cli.run([...CHECK, flag, value]);
  expect(code).toBe(2);
  expect(stderr).toContain(`${flag}: `);
});
