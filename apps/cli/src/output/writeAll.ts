/** Writes all bytes to a file descriptor, or rejects. A write may take fewer bytes than it was given. */
import { write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Between two looks at a pipe that is full: a reader needs about as long to come back to it. */
const FULL_PIPE_MS = 10;

const writeSome = promisify(write) as (
  fd: number,
  bytes: Uint8Array,
) => Promise<{ readonly bytesWritten: number }>;

export async function writeAll(
  fd: number,
  content: string | Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  let left = typeof content === 'string' ? Buffer.from(content) : content;
  while (left.length > 0) {
    const written = await writeSome(fd, left).catch(noneIfFull);
    left = left.subarray(written.bytesWritten);
    if (written.bytesWritten > 0) continue;
    signal?.throwIfAborted();
    await sleep(FULL_PIPE_MS);
  }
}

function noneIfFull(error: NodeJS.ErrnoException) {
  if (error.code !== 'EAGAIN') throw error;
  return { bytesWritten: 0 };
}
