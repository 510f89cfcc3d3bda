// A check from a file: the run spec that `submit` takes, as JSON or YAML, and names of tables, one a line.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestCli } from '../testing/testCli.ts';
import { type TestShop, testShop } from '../testing/testShop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await testShop('DST');
});
afterAll(() => shop?.[Symbol.asyncDispose]());

const YAML = `
$schema: https://example.org/run-spec.schema.json
version: 1
runId: nightly
source: old
destination: new
stage: dst_first
tables:
  - pattern: "*"
    exclude: [sessions]
recheck: { delaysMs: [1, 1] }
`;

const names = async (cli: TestCli) => (await cli.report('report.json')).tables.map(({ name }) => name);
const outputs = ['--events', 'events.ndjson', '--report', 'report.json'];

test('the spec of a file is compared with its direction, and flags win over it', async () => {
  await using cli = await shop.cli();
  await writeFile(join(cli.folder, 'run.yaml'), YAML);
  const end = await cli.run(['check', '--spec', 'run.yaml', ...outputs]);
  expect(end.code).toBe(1);
  expect(await cli.report('report.json')).toMatchObject({
    runId: 'nightly',
    direction: 'DST',
    verdict: 'inconsistent',
  });
  expect(await names(cli)).not.toContain('sessions');
  const flags = ['--tables', 'customers', '--direction', 'SRC', '--run-id', 'mine'];
  const other = await cli.run(['check', '--spec', 'run.yaml', ...flags, ...outputs]);
  // The stage of the file and the direction of the flag do not agree.
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('--direction') });
  await cli.run(['check', '--spec', 'run.yaml', '--tables', 'customers', '--run-id', 'mine', ...outputs]);
  expect(await cli.report('report.json')).toMatchObject({ runId: 'mine', tables: [{ name: 'customers' }] });
});

test('tables come from a file, beside those of the flag, and patterns leave tables out', async () => {
  await using cli = await shop.cli();
  await writeFile(join(cli.folder, 'tables.txt'), '# of the shop\ncustomers\n\n  order*  \n');
  const flags = ['--tables-file', 'tables.txt', '--tables', 'sessions', '--exclude-tables', 'order_items'];
  await cli.run(['check', ...flags, '--direction', 'DST', '--recheck-delays', '1,1', ...outputs]);
  expect((await names(cli)).sort()).toEqual(['customers', 'orders', 'sessions']);
});

test.each([
  [['check'], 'expected --tables'],
  [['check', '--spec', 'none.yaml'], 'cannot read none.yaml'],
  [['check', '--spec', 'wrong.yaml'], 'shards'],
  [['check', '--tables-file', 'none.txt'], '--tables-file none.txt'],
  [['check', '--tables-file', 'empty.txt'], 'expected a name of a table'],
])('%j is refused: %s', async (args, words) => {
  await using cli = await shop.cli();
  await writeFile(join(cli.folder, 'wrong.yaml'), `${YAML}shards: 5\n`);
  await writeFile(join(cli.folder, 'empty.txt'), '# none\n');
  expect(await cli.run(args)).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
});
