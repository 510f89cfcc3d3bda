import { execFile, execFileSync } from 'node:child_process';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDevice, makePipe, mountSmallDisk } from '../testing/testPlaces.ts';
import { OutputError } from './outputError.ts';
import { writeWhole } from './writeWhole.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowparity-output-'));
  path = join(folder, 'report.json');
});
afterEach(() => rm(folder, { recursive: true }));

const isRoot = process.getuid?.() === 0;
const pieces = (count: number) => Array.from({ length: count }, (_, i) => `${i} ${'x'.repeat(1000)}\n`);

it('a new file is there whole, with the mode of any new file, and nothing beside it', async () => {
  await writeWhole(path, pieces(3));
  expect(await readFile(path, 'utf8')).toBe(pieces(3).join(''));
  expect((await stat(path)).mode & 0o777).toBe(0o666 & ~process.umask());
  expect(await readdir(folder)).toEqual(['report.json']);
});

it('a file that was there keeps its mode', async () => {
  await writeFile(path, 'before');
  await chmod(path, 0o640);
  await writeWhole(path, ['after']);
  expect(await readFile(path, 'utf8')).toBe('after');
  expect((await stat(path)).mode & 0o777).toBe(0o640);
});

it.runIf(isRoot)('a file of another user stays his', async () => {
  await writeFile(path, 'before');
  await chown(path, 12345, 23456);
  await writeWhole(path, ['after']);
  expect(await stat(path)).toMatchObject({ uid: 12345, gid: 23456 });
});

it.each([
  ['a file', true],
  ['nothing yet', false],
])('a link to %s is followed and stays a link, also over other links and folders', async (_, isThere) => {
  await mkdir(join(folder, 'real'));
  const target = join(folder, 'real', 'report.json');
  if (isThere) await writeFile(target, 'before');
  await symlink('real', join(folder, 'folder'));
  await symlink('folder/second', join(folder, 'first'));
  await symlink('report.json', join(folder, 'real', 'second'));
  await writeWhole(join(folder, 'first'), ['after']);
  expect(await readFile(target, 'utf8')).toBe('after');
  for (const link of ['first', 'real/second'])
    expect((await lstat(join(folder, link))).isSymbolicLink()).toBe(true);
  expect((await readdir(join(folder, 'real'))).sort()).toEqual(['report.json', 'second']);
});

it('links that lead in a circle are a fault, not a hang', async () => {
  await symlink('report.json', path);
  await expect(writeWhole(path, ['after'])).rejects.toThrow('ELOOP');
});

it('a device is written through and stays a device', async ({ skip }) => {
  const device = makeDevice(folder, 'null') ?? skip('devices cannot be made here');
  await writeWhole(device, pieces(3));
  expect((await lstat(device)).isCharacterDevice()).toBe(true);
  expect(await readdir(folder)).toEqual(['null']);
});

it('a full device is an error with its path and the reason', async ({ skip }) => {
  const device = makeDevice(folder, 'full') ?? skip('devices cannot be made here');
  const error: unknown = await writeWhole(device, pieces(3)).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(OutputError);
  expect(String(error)).toContain(device);
  expect(String(error)).toContain('ENOSPC');
  expect((await lstat(device)).isCharacterDevice()).toBe(true);
});

it('a pipe gives its reader all of it, and stays a pipe', async () => {
  const pipe = makePipe(folder);
  const [{ stdout }] = await Promise.all([
    promisify(execFile)('/bin/cat', [pipe], { maxBuffer: 1 << 24 }),
    writeWhole(pipe, pieces(2000)),
  ]);
  expect(stdout).toBe(pieces(2000).join(''));
  expect((await lstat(pipe)).isFIFO()).toBe(true);
});

it('a pipe whose reader leaves is an error', async () => {
  const pipe = makePipe(folder);
  await Promise.all([
    promisify(execFile)('/usr/bin/head', ['-n', '1', pipe]),
    expect(writeWhole(pipe, pieces(2000))).rejects.toThrow('EPIPE'),
  ]);
});

it('a file that is open elsewhere, named by its number, is appended to', async () => {
  await writeFile(path, 'before ');
  const file = await open(path, 'a');
  await writeWhole(`/proc/self/fd/${file.fd}`, ['after']);
  await file.close();
  expect(await readFile(path, 'utf8')).toBe('before after');
});

it('on a full disk what was there stays, and no half of the new is left', async ({ skip }) => {
  using disk = mountSmallDisk(folder, '64k') ?? skip('mounting a small file system is not permitted here');
  const full = join(disk.path, 'report.json');
  await writeFile(full, 'before');
  await expect(writeWhole(full, pieces(200))).rejects.toThrow('ENOSPC');
  expect(await readFile(full, 'utf8')).toBe('before');
  expect(await readdir(disk.path)).toEqual(['report.json']);
});

it('what fails while it is made leaves nothing behind', async () => {
  async function* broken() {
    yield 'half';
    throw new Error('the ledger went away');
  }
  await expect(writeWhole(path, broken())).rejects.toThrow('the ledger went away');
  expect(await readdir(folder)).toEqual([]);
});

it('a file that is a mount of its own is written in its place', async ({ skip }) => {
  using disk = mountSmallDisk(folder, '64k') ?? skip('mounting is not permitted here');
  const outside = join(folder, 'outside.json');
  const inside = join(disk.path, 'report.json');
  for (const file of [outside, inside]) await writeFile(file, 'a much longer text than the new one');
  execFileSync('/bin/mount', ['--bind', outside, inside]);
  try {
    await writeWhole(inside, ['after']);
    expect(await readFile(outside, 'utf8')).toBe('after');
    expect(await readdir(disk.path)).toEqual(['report.json']);
  } finally {
    execFileSync('/bin/umount', [inside]);
  }
});
