import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestCli } from '../testing/testCli.ts';
import { type TestShop, testShop } from '../testing/testShop.ts';

const CHECK = ['check', '--tables', '*', '--recheck-delays', '50,50', '--shard-rows', '1000'];

let shop: TestShop;
beforeAll(async () => {
  shop = await testShop('SRC');
});
afterAll(() => shop?.[Symbol.asyncDispose]());

function verify(cli: TestCli, file: string) {
  return cli.run(['certificate', 'verify', file]);
}

test('a check writes a certificate that holds offline, and says what it does not prove', async () => {
  await using cli = await shop.cli();
  const flags = ['--certificate', 'run.ndjson', '--report', 'report.json', '--exclude-columns', 'note'];
  expect((await cli.run([...CHECK, ...flags])).code).toBe(1);
  const verified = await verify(cli, 'run.ndjson');
  expect(verified).toMatchObject({ code: 0, stderr: '' });
  const fromInput = ['sh', '-c', '"$@" < run.ndjson', 'sh'];
  expect(await cli.run(['certificate', 'verify', '-'], fromInput)).toEqual(verified);
  const report = await cli.report('report.json');
  const lines = await cli.lines('run.ndjson');
  expect(lines).toHaveLength(1 + report.tables.length + report.shards.total + 1);
  for (const part of [
    `VALID  run ${report.runId}  SRC  inconsistent`,
    `in ${report.shards.total} shards without gap or overlap`,
    `${(report.counts.rowsBase + report.counts.rowsTarget).toLocaleString('en-US')} rows`,
    'fence  none: a difference counts when it stands still (recheck.stillMs)',
    'columns that were left out: ledger_gaps (note), orders (note)',
  ])
    expect(verified.stdout).toContain(part);
  for (const { server } of Object.values(shop.databases)) expect(lines.join()).not.toContain(server.password);
});

test('a certificate that was touched does not hold', async () => {
  await using cli = await shop.cli();
  expect((await cli.run([...CHECK, '--certificate', 'run.ndjson', '--events', 'events'])).code).toBe(1);
  const lines = await cli.lines('run.ndjson');
  const place = lines.findIndex((line) => line.includes('"outcome":"differs"'));
  const touched = (lines[place] as string).replace('"differs"', '"match"');
  await writeFile(join(cli.folder, 'touched'), `${lines.with(place, touched).join('\n')}\n`);
  const verified = await verify(cli, 'touched');
  expect(verified.code).toBe(1);
  expect(verified.stdout).toContain(
    `INVALID\n  line ${place + 1}: its sha256 is not that of the lines so far`,
  );
  const text = await readFile(join(cli.folder, 'run.ndjson'), 'utf8');
  await writeFile(join(cli.folder, 'cut'), text.slice(0, -100));
  expect((await verify(cli, 'cut')).stdout).toContain('the file ends without its footer: it was cut');
});

test('what is no file, and standard output, are wrong usage', async () => {
  await using cli = await shop.cli();
  expect(await verify(cli, 'nothing.ndjson')).toMatchObject({
    code: 2,
    stderr: 'rowparity: the certificate nothing.ndjson cannot be read (ENOENT).\n',
  });
  expect(await cli.run([...CHECK, '--certificate', '-'])).toMatchObject({ code: 2 });
  expect(await cli.run(['certificate', 'x', '--reporter', 'http://127.0.0.1:1'])).toMatchObject({ code: 2 });
});
