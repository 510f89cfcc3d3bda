// A disk that is full under a file of events: a fault, never a loss, and the file goes on when there is room again.

import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventOf } from '@rowparity/core/conformance/eventSink';
import { expect, it } from 'vitest';
import { fileEventSink } from './fileEventSink.ts';

const never = new AbortController().signal;
const FULL = {
  class: 'transient',
  code: 'EVENTS_NOT_ACKNOWLEDGED',
  message: expect.stringContaining('ENOSPC'),
};
const mount = (...args: readonly string[]) => execFileSync('/bin/mount', args, { stdio: 'ignore' });

it.runIf(process.platform === 'linux')(
  'a device that is always full takes no event and says why',
  async () => {
    const sink = await fileEventSink({ path: '/dev/full', format: 'full' });
    await expect(sink.publish([eventOf(1n)], never)).rejects.toMatchObject(FULL);
    await expect(sink.publish([eventOf(1n)], never)).rejects.toMatchObject(FULL);
    await sink.close();
  },
);

it('events published again after a full disk has room are all there, each on a line of its own', async ({
  skip,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'rowparity-full-'));
  try {
    mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder);
  } catch {
    await rm(folder, { recursive: true });
    return skip('mounting a small file system is not permitted here');
  }
  try {
    const path = join(folder, 'events.ndjson');
    const sink = await fileEventSink({ path, format: 'full' });
    let last = 0n;
    const publishNext = () => sink.publish([eventOf(last + 1n)], never);
    const fill = async () => {
      for (; ; last += 1n) await publishNext();
    };
    await expect(fill()).rejects.toMatchObject(FULL);
    mount('-o', 'remount,size=1m', folder);
    // As the work on a shard does: what was not acknowledged is published again.
    await publishNext();
    await sink.flush(never);
    await sink.close();
    const lines = (await readFile(path, 'utf8')).split('\n');
    const ids = lines.flatMap((line) => /^\{"ID":(\d+),.*\}$/.exec(line)?.[1] ?? []);
    expect(ids.map(BigInt)).toEqual(Array.from({ length: Number(last) + 1 }, (_, i) => BigInt(i + 1)));
  } finally {
    execFileSync('/bin/umount', [folder]);
    await rm(folder, { recursive: true });
  }
});
