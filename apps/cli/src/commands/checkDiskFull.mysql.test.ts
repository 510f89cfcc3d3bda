import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plantedCounts, type TestShop, testShop } from '../testing/testShop.ts';

const ARGS = ['check', '--tables', '*', '--run-id', 'full', '--recheck-delays', '50', '--shard-rows', '100'];
/** In units of 512 bytes: the ledger is made and planned in some 50 KB, and outgrows it while it is worked on. */
const FILE_BLOCKS = 160;

let shop: TestShop;
beforeAll(async () => {
  shop = await testShop('SRC');
});
afterAll(() => shop?.[Symbol.asyncDispose]());

test('a ledger that cannot grow ends the check with 3, and it can be continued when it can', async () => {
  await using cli = await shop.cli();
  const args = [...ARGS, '--report', 'report.json', '--events', '/dev/null'];
  const limited = ['/bin/sh', '-c', `ulimit -f ${FILE_BLOCKS}; exec "$@"`, 'sh'];
  const end = await cli.run(args, limited);
  expect(end, end.stderr).toMatchObject({ code: 3 });
  expect(end.stderr).toContain('full.sqlite');
  expect((await cli.run([...args, '--resume'])).code).toBe(1);
  expect((await cli.report('report.json')).counts).toMatchObject(plantedCounts(shop.planted));
});

test('a full disk under the ledger says so, and no verdict is given', async ({ skip }) => {
  await using cli = await shop.cli();
  const disk = join(cli.folder, 'disk');
  await mkdir(disk);
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return skip('mounting a small file system is not permitted here');
  }
  try {
    const args = [...ARGS, '--ledger', join(disk, 'ledger.sqlite'), '--report', 'report.json'];
    const end = await cli.run(args);
    expect(end, end.stderr).toMatchObject({ code: 3 });
    expect(end.stderr).toContain('the disk is full');
    await expect(cli.report('report.json')).rejects.toMatchObject({ code: 'ENOENT' });
    execFileSync('/bin/mount', ['-o', 'remount,size=16m', disk]);
    expect((await cli.run([...args, '--resume'])).code).toBe(1);
    expect((await cli.report('report.json')).counts).toMatchObject(plantedCounts(shop.planted));
  } finally {
    execFileSync('/bin/umount', [disk]);
  }
});
