/** Opens a device or a pipe for writing. Waits for the reader of a pipe without blocking a thread. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from './targetOf.ts';

const { O_WRONLY, O_APPEND, O_NOCTTY, O_NONBLOCK } = constants;
/** Between two looks for a reader. */
const READER_MS = 50;

export async function openThrough(
  { path, isPipe }: Extract<Target, { kind: 'through' }>,
  signal: AbortSignal,
): Promise<FileHandle> {
  // A file that is open elsewhere is appended to, so that its content stays.
  if (!isPipe) return open(path, O_WRONLY | O_APPEND | O_NOCTTY);
  for (;;) {
    const file = await open(path, O_WRONLY | O_NONBLOCK).catch(unlessUnread);
    if (file) return file;
    signal.throwIfAborted();
    await sleep(READER_MS);
  }
}

function unlessUnread(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENXIO') throw error;
}
