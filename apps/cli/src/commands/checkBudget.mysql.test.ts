/** `check` within a budget of each server: the same options as a worker's. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { plantedLines, reportedLines, type TestShop, testShop } from '../testing/testShop.ts';

const TABLES = ['--tables', '*', '--recheck-delays', '100,200'];
const WAIT = { timeout: 50_000, interval: 20 };

let shop: TestShop;
beforeAll(async () => {
  shop = await testShop('SRC');
});
afterAll(() => shop?.[Symbol.asyncDispose]());

test.each(['exact', 'checksum'])(
  'the same differences are found within a narrow budget: %s',
  async (strategy) => {
    await using cli = await shop.cli({ ROWPARITY_MAX_STREAMS: '1' });
    const flags = ['--max-rows-per-second', '1000000', '--max-load', 'Threads_running=100000'];
    const { code, stderr, stdout } = await cli.run(['check', ...TABLES, ...flags, '--strategy', strategy]);
    expect(stderr).toContain('Inconsistent');
    expect(code).toBe(1);
    expect(reportedLines(stdout.split('\n').filter(Boolean))).toEqual(plantedLines(shop.planted));
  },
);

test('while a file exists nothing is read, the progress says why, and then the check goes on', async () => {
  await using cli = await shop.cli();
  const file = join(cli.folder, 'pause');
  await writeFile(file, '');
  const running = cli.start(['check', ...TABLES, '--pause-file', 'pause', '--report', 'report.json']);
  let told = '';
  running.child.stderr?.on('data', (text) => {
    told += String(text);
  });
  await vi.waitFor(() => expect(told).toContain('the file pause exists'), WAIT);
  expect(told).toMatch(/ 0 rows .*paused: \S+ the file pause exists/);
  await rm(file);
  expect((await running.end).code).toBe(1);
  expect(await cli.report('report.json')).toMatchObject({ complete: true, pauses: [] });
});

test('a signal that cannot be read stops reading with its reason, and Ctrl-C ends the wait', async () => {
  await using cli = await shop.cli();
  const running = cli.start(['check', ...TABLES, '--throttle-query', 'SELECT x FROM no_such_table']);
  let told = '';
  running.child.stderr?.on('data', (text) => {
    told += String(text);
  });
  await vi.waitFor(() => expect(told).toMatch(/paused: .*no_such_table/), WAIT);
  running.child.kill('SIGINT');
  expect((await running.end).code).toBe(3);
});

test('every wrong limit is named by its flag or variable', async () => {
  await using cli = await shop.cli({ ROWPARITY_READ_WINDOWS: 'at night' });
  const { code, stderr } = await cli.run(['check', ...TABLES, '--max-load', '40', '--max-streams', '0']);
  expect(code).toBe(2);
  for (const name of ['--max-load', '--max-streams', 'ROWPARITY_READ_WINDOWS'])
    expect(stderr).toContain(name);
});
