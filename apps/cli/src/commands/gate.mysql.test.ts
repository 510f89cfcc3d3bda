// `rowparity gate` on runs that a ledger of `check` keeps: ready, and not ready with every reason.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestShop, testShop } from '../testing/testShop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await testShop('SRC');
});
afterAll(() => shop?.[Symbol.asyncDispose]());

test('differences close the gate, with their number and tables; a lag and an age that are too much as well', async () => {
  await using cli = await shop.cli();
  await cli.run(['check', '--tables', '*', '--ledger', 'runs.sqlite', '--recheck-delays', '10', '--quiet']);
  const end = await cli.run([
    'gate',
    '--ledger',
    'runs.sqlite',
    '--max-age-hours',
    '0',
    '--direction',
    'DST',
  ]);
  expect(end.code).toBe(1);
  expect(end.stdout).toContain('not ready, keys compared from 20');
  expect(end.stdout).toMatch(/- DIFFERENCES: \d+ rows differ, in .*orders \(\d+\)/);
  expect(end.stdout).toContain('- TOO_OLD: ');
  expect(end.stdout).toContain('- DIRECTION: The run has direction SRC, and DST is asked for.');
});

test('equal tables open it, as JSON too; a table without rows alone does not', async () => {
  await using equal = await testShop();
  await using cli = await equal.cli();
  const gateAfter = async (tables: string) => {
    await cli.run(['check', '--tables', tables, '--ledger', 'runs.sqlite', '--quiet']);
    return cli.run(['gate', '--ledger', 'runs.sqlite', '--json']);
  };
  const open = await gateAfter('orders');
  expect(JSON.parse(open.stdout)).toMatchObject({ version: 1, direction: 'SRC', ready: true, reasons: [] });
  expect(open.code).toBe(0);
  const empty = await gateAfter('audit_empty');
  expect(JSON.parse(empty.stdout)).toMatchObject({ ready: false, reasons: [{ code: 'NOTHING_COMPARED' }] });
  expect(empty.code).toBe(1);
});

test('a limit that is no number is refused, with its flag', async () => {
  await using cli = await shop.cli();
  const end = await cli.run(['gate', 'run-1', '--max-lag-ms', 'soon']);
  expect(end).toMatchObject({ code: 2 });
  expect(end.stderr).toContain('--max-lag-ms must be a number of at least 0; found "soon"');
});
