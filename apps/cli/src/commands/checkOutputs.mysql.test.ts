// What a check was to write is there whole, or the check says that it is not and does not end as if it were.
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { lstat, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Counts, decodeEvent } from '@rowparity/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDevice, makePipe, mountSmallDisk } from '../testing/testPlaces.ts';
import { plantedCounts, plantedLines, reportedLines, type TestShop, testShop } from '../testing/testShop.ts';

const ARGS = ['check', '--tables', '*', '--recheck-delays', '50', '--shard-rows', '500', '--run-id', 'out'];
/** Runs the command in a shell, which opens its standard output. */
const shell = (script: string, ...more: readonly string[]) => ['/bin/sh', '-c', script, 'sh', ...more];

let shop: TestShop;
beforeAll(async () => {
  shop = await testShop('SRC');
});
afterAll(() => shop?.[Symbol.asyncDispose]());

function whole(path: string): string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => {
    try {
      decodeEvent(line);
      return true;
    } catch {
      return false;
    }
  });
}

test.for([
  { by: 'standard output', to: (path: string) => ({ args: [], wrap: shell(`"$@" >> ${path}`) }) },
  { by: 'a file', to: (path: string) => ({ args: ['--events', path], wrap: [] }) },
])(
  'events to $by on a disk that fills up: exit 3 with the reason, and --resume sends what is missing',
  async ({ to }, { skip }) => {
    await using cli = await shop.cli();
    using disk =
      mountSmallDisk(cli.folder, '4k') ?? skip('mounting a small file system is not permitted here');
    const path = join(disk.path, 'events.ndjson');
    const { args, wrap } = to(path);
    const all = [...ARGS, ...args, '--report', 'report.json'];
    const end = await cli.run(all, wrap);
    expect(end, end.stderr).toMatchObject({ code: 3 });
    expect(end.stderr).toContain('ENOSPC');
    expect(end.stderr).toContain('--resume');
    await expect(cli.report('report.json')).rejects.toMatchObject({ code: 'ENOENT' });

    disk.grow('1m');
    expect(await cli.run([...all, '--resume'], wrap)).toMatchObject({ code: 1 });
    const once = new Map(whole(path).map((line) => [decodeEvent(line).EventID, line]));
    expect(reportedLines([...once.values()])).toEqual(plantedLines(shop.planted));
    expect((await cli.report('report.json')).counts).toMatchObject(plantedCounts(shop.planted));
  },
);

test.for([
  { by: 'standard output', to: (path: string) => ({ args: [], wrap: shell(`"$@" > ${path}`) }) },
  { by: '--events', to: (path: string) => ({ args: ['--events', path], wrap: [] }) },
])('a full device for the events by $by is no verdict', async ({ to }, { skip }) => {
  await using cli = await shop.cli();
  const full = makeDevice(cli.folder, 'full') ?? skip('devices cannot be made here');
  const { args, wrap } = to(full);
  const end = await cli.run([...ARGS, ...args], wrap);
  expect(end, end.stderr).toMatchObject({ code: 3 });
  expect(end.stderr).toContain('ENOSPC');
  expect((await lstat(full)).isCharacterDevice()).toBe(true);
});

test.for(['--report', '--certificate'])(
  '%s that cannot be written: the verdict is told, the exit code is 3, and both can be had again',
  async (flag, { skip }) => {
    await using cli = await shop.cli();
    const full = makeDevice(cli.folder, 'full') ?? skip('devices cannot be made here');
    const end = await cli.run([...ARGS, flag, full, '--quiet']);
    expect(end).toMatchObject({ code: 3 });
    expect(end.stderr).toContain(`${full} could not be written whole`);
    expect(end.stderr).toContain('Inconsistent');
    expect((await lstat(full)).isCharacterDevice()).toBe(true);
    const { counts } = JSON.parse((await cli.run(['report', '--ledger', 'out', '--json'])).stdout) as {
      counts: Counts;
    };
    expect(counts).toMatchObject(plantedCounts(shop.planted));
    expect((await readdir(cli.folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  },
);

test('devices are written through: as root, too, they stay what they are', async ({ skip }) => {
  await using cli = await shop.cli();
  const device = makeDevice(cli.folder, 'null') ?? skip('devices cannot be made here');
  const outputs = ['--events', device, '--report', device, '--certificate', device];
  expect(await cli.run([...ARGS, ...outputs])).toMatchObject({ code: 1 });
  expect((await lstat(device)).isCharacterDevice()).toBe(true);
  expect((await cli.run(['certificate', '--ledger', 'out', '--output', device])).code).toBe(0);
  expect((await lstat(device)).isCharacterDevice()).toBe(true);
});

test.for([
  ['report', '--json'],
  ['certificate', '--output', '-'],
])('%s %s to a full device ends with 3', async (command, { skip }) => {
  await using cli = await shop.cli();
  const full = makeDevice(cli.folder, 'full') ?? skip('devices cannot be made here');
  expect((await cli.run(ARGS)).code).toBe(1);
  const end = await cli.run([...command, '--ledger', 'out'], shell(`"$@" > ${full}`));
  expect(end).toMatchObject({ code: 3 });
  expect(end.stderr).toContain('standard output could not be written whole');
});

test('a certificate to standard output that a small disk cuts ends with an error', async ({ skip }) => {
  await using cli = await shop.cli();
  using disk = mountSmallDisk(cli.folder, '4k') ?? skip('mounting a small file system is not permitted here');
  expect((await cli.run(ARGS)).code).toBe(1);
  const path = join(disk.path, 'run.ndjson');
  const end = await cli.run(['certificate', '--ledger', 'out'], shell(`"$@" > ${path}`));
  expect(statSync(path).size).toBeGreaterThan(0);
  expect(end).toMatchObject({ code: 3 });
  expect(end.stderr).toContain('ENOSPC');
});

test('a reader of a pipe who leaves stops the check, which can be continued', async () => {
  await using cli = await shop.cli();
  const pipe = makePipe(cli.folder);
  const running = cli.start([...ARGS, '--events', pipe]);
  // Waits for the writer; then it is there and gone.
  closeSync(openSync(pipe, 'r'));
  const end = await running.end;
  expect(end, end.stderr).toMatchObject({ code: 3 });
  expect(end.stderr).toContain(`${pipe}: EPIPE`);
  expect((await cli.run([...ARGS, '--resume', '--events', 'rest.ndjson'])).code).toBe(1);
  expect(reportedLines(await cli.lines('rest.ndjson'))).toEqual(plantedLines(shop.planted));
});

test('a standard output that is closed is told at the start', async ({ skip }) => {
  if (process.platform !== 'linux') return skip('needs /proc');
  await using cli = await shop.cli();
  const orders = ['check', '--tables', 'orders', '--recheck-delays', '50'];
  const closed = await cli.run(orders, shell('exec "$@" >&-'));
  expect(closed.stderr).toContain('standard output is closed: the events are lost');
  const unwanted = await cli.run(orders, shell('exec "$@" >/dev/null'));
  expect(unwanted.stderr).not.toContain('is closed');
});

test('one file is not two outputs, and a ledger is a file', async () => {
  await using cli = await shop.cli();
  await writeFile(join(cli.folder, 'ledger.sqlite'), '');
  for (const outputs of [
    ['--events', 'x', '--report', 'x'],
    ['--events', 'x', '--certificate', 'x'],
    ['--report', 'x', '--certificate', './x'],
    ['--ledger', 'ledger.sqlite', '--events', join(cli.folder, 'ledger.sqlite')],
  ])
    expect((await cli.run([...ARGS, ...outputs])).stderr).toContain('name the same file');
  expect((await cli.run([...ARGS, '--report', '/dev/stdout'])).stderr).toContain(
    '--events takes standard output',
  );
  const pipe = makePipe(cli.folder);
  const end = await cli.run([...ARGS, '--ledger', pipe]);
  expect(end).toMatchObject({ code: 2 });
  expect(end.stderr).toContain('expected a file');
});

test('an error stream that takes nothing changes no exit code', async ({ skip }) => {
  await using cli = await shop.cli();
  const full = makeDevice(cli.folder, 'full') ?? skip('devices cannot be made here');
  expect((await cli.run([...ARGS, '--tables', 'nothing_there'], shell(`"$@" 2> ${full}`))).code).toBe(2);
  const closed = shell('{ "$@" 2>&1 >/dev/null; echo $? > code; } | true');
  await cli.run(['report', '--ledger', 'nothing'], closed);
  expect(await cli.lines('code')).toEqual(['2']);
});
