// The events of a file, as they come.
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeEvent, type InconsistentEvent } from '@rowparity/contracts';
import { expect, test, vi } from 'vitest';
import { testCli } from '../testing/testCli.ts';

const WAIT = { timeout: 20_000, interval: 20 };

const line = (id: bigint, changes: Partial<InconsistentEvent> = {}) =>
  `${encodeEvent({ ID: id, Direction: 'SRC', Type: 'neq', Table: 'orders', Key: { id }, Columns: ['paid'], RunID: 'r-1', ...changes }, 'full')}\n`;

test('each event of a file is one line; a table, a run, JSON, and what is no event', async () => {
  await using cli = await testCli({});
  const all = [
    line(1n),
    line(2n, { Table: 'items' }),
    line(3n, { RunID: 'r-2' }),
    'no event\n',
    line(4n).trim(),
  ];
  await writeFile(join(cli.folder, 'e'), all.join(''));
  const shown = (id: number, table = 'orders') => `✗ ${table} id=${id} differs in paid`;
  const plain = await cli.run(['events', 'tail', 'e']);
  expect(plain).toMatchObject({ code: 0, stderr: 'rowparity: no event: no event\n' });
  expect(plain.stdout.trim().split('\n')).toEqual([shown(1), shown(2, 'items'), shown(3), shown(4)]);
  expect((await cli.run(['events', 'tail', 'e', '--table', 'items'])).stdout).toBe(`${shown(2, 'items')}\n`);
  expect((await cli.run(['events', 'tail', 'e', '--run', 'r-2', '--json'])).stdout).toBe(
    line(3n, { RunID: 'r-2' }),
  );
});

test('a file that grows is followed until the signal', async () => {
  await using cli = await testCli({});
  const file = join(cli.folder, 'e');
  await writeFile(file, line(1n));
  const { child, end } = cli.start(['events', 'tail', 'e', '--follow']);
  let told = '';
  child.stdout?.on('data', (text) => {
    told += String(text);
  });
  await vi.waitFor(() => expect(told).toContain('id=1 '), WAIT);
  const half = line(2n);
  await appendFile(file, half.slice(0, 20));
  await appendFile(file, half.slice(20));
  await vi.waitFor(() => expect(told).toContain('id=2 '), WAIT);
  child.kill('SIGINT');
  expect((await end).code).toBe(0);
});

test.each([
  [['events', 'tail'], 'expected a file of events or --topic'],
  [['events', 'tail', 'e', '--topic', 't'], 'and not both'],
  [['events', 'tail', 'nothing'], 'nothing: the file cannot be read (ENOENT).'],
])('wrong usage is told: %o', async (args, words) => {
  await using cli = await testCli({});
  expect(await cli.run(args)).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
});
