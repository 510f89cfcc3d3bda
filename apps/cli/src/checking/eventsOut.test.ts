import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlacedEvent } from '@rowparity/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
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
])('a continued run appends to %s', async (_, before, after) => {
  await writeFile(path, before);
  await publishTo(true);
  expect(await readFile(path, 'utf8')).toBe(after);
});

it('a line longer than any event is not ours to cut', async () => {
  const long = 'x'.repeat(300_000);
  await writeFile(path, long);
  await publishTo(true);
  expect(await readFile(path, 'utf8')).toBe(long + LINE);
});

it('a new run begins its file anew', async () => {
  await writeFile(path, LINE + LINE);
  await publishTo(false);
  expect(await readFile(path, 'utf8')).toBe(LINE);
});

it('a device takes events as well', async () => {
  await publishTo(false, '/dev/null');
  await publishTo(true, '/dev/null');
});
