import { execFile } from 'node:child_process';
import { lstat, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PlacedEvent } from '@rowparity/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDevice, makePipe } from '../testing/testPlaces.ts';
import { openEvents } from './eventsOut.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowparity-events-'));
  path = join(folder, 'events.ndjson');
});
afterEach(() => rm(folder, { recursive: true }));

const never = new AbortController().signal;
const EVENT: PlacedEvent = { shard: 0, event: { ID: 7n, Direction: 'SRC', Type: 'neq' } };
const LINE = '{"ID":7,"Direction":"SRC","Type":"neq"}\n';

async function publishTo(isResumed: boolean, place = path): Promise<void> {
  const sink = await openEvents(place, { format: 'minimal', isResumed });
  await sink.publish([EVENT], never);
  await sink.flush(never);
  await sink.close();
}

it.each([
  ['nothing', '', LINE],
  ['a whole line', LINE, LINE + LINE],
  ['a torn line', `${LINE}{"ID":8,"Direc`, LINE + LINE],
  ['nothing but a torn line', '{"ID":8,"Direc', LINE],
  ['a line torn off at its first byte', `${LINE}{`, LINE + LINE],
  ['a last line that is no event', `${LINE}a note`, `${LINE}a note\n${LINE}`],
])('a continued run appends to %s', async (_, before, after) => {
  await writeFile(path, before);
  await publishTo(true);
  expect(await readFile(path, 'utf8')).toBe(after);
});

it('a line longer than any event is not ours to cut', async () => {
  const long = 'x'.repeat(300_000);
  await writeFile(path, long);
  await publishTo(true);
  expect(await readFile(path, 'utf8')).toBe(`${long}\n${LINE}`);
});

it('a new run begins its file anew', async () => {
  await writeFile(path, LINE + LINE);
  await publishTo(false);
  expect(await readFile(path, 'utf8')).toBe(LINE);
});

it('a device takes events as well, and stays a device', async ({ skip }) => {
  const device = makeDevice(folder, 'null') ?? skip('devices cannot be made here');
  await publishTo(false, device);
  await publishTo(true, device);
  expect((await lstat(device)).isCharacterDevice()).toBe(true);
});

it('a device that is full takes no event, and says why', async ({ skip }) => {
  const device = makeDevice(folder, 'full') ?? skip('devices cannot be made here');
  await expect(publishTo(false, device)).rejects.toMatchObject({
    code: 'EVENTS_NOT_ACKNOWLEDGED',
    message: expect.stringContaining(`${device}: ENOSPC`),
  });
});

it('a pipe gives its reader every event, however slowly it reads', async () => {
  const pipe = makePipe(folder);
  const sink = await openEvents(pipe, { format: 'minimal', isResumed: false });
  const many = Array.from({ length: 20_000 }, () => EVENT);
  const published = sink.publish(many, never).then(() => sink.close());
  const { stdout } = await promisify(execFile)('/bin/cat', [pipe], { maxBuffer: 1 << 24 });
  await published;
  expect(stdout).toBe(LINE.repeat(many.length));
});

it('a pipe whose reader leaves is a fault', async () => {
  const pipe = makePipe(folder);
  const sink = await openEvents(pipe, { format: 'minimal', isResumed: false });
  const published = sink.publish(
    Array.from({ length: 20_000 }, () => EVENT),
    never,
  );
  await Promise.all([
    promisify(execFile)('/usr/bin/head', ['-n', '1', pipe]),
    expect(published).rejects.toMatchObject({ message: expect.stringContaining(`${pipe}: EPIPE`) }),
  ]);
  await sink.close();
});

it('a pipe without a reader holds up neither a run without events nor one that is stopped', async () => {
  const pipe = makePipe(folder);
  await (await openEvents(pipe, { format: 'minimal', isResumed: false })).close();
  const sink = await openEvents(pipe, { format: 'minimal', isResumed: false });
  const stop = new AbortController();
  const published = sink.publish([EVENT], stop.signal);
  stop.abort(new Error('stopped'));
  await expect(published).rejects.toThrow('stopped');
  await sink.close();
});

it('a link is followed to its file, and stays a link', async () => {
  const link = join(folder, 'link');
  await symlink('events.ndjson', link);
  await publishTo(false, link);
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(path, 'utf8')).toBe(LINE);
});
