/**
 * Where the events of a check go: one sink for all its shards. A new run begins its file anew. A continued run
 * appends, after cutting off a line that a kill left half written: such an event was never acknowledged, so its
 * checkpoint did not move and it is sent again (law 3).
 */
import { createWriteStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { EventFormat } from '@rowparity/contracts';
import type { EventSink } from '@rowparity/core';
import { fileEventSink, stdoutEventSink, streamEventSink } from '@rowparity/producer';
import { UsageError } from '../usageError.ts';
import { STANDARD_OUTPUT } from './settings.ts';

/** Longer than any event: its key has at most 16 columns of an index's few kilobytes. */
const TAIL_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

export async function openEvents(
  place: string,
  so: { readonly format: EventFormat; readonly isResumed: boolean },
): Promise<EventSink> {
  if (place === STANDARD_OUTPUT) return stdoutEventSink(so.format);
  const found = await stat(place).catch(() => undefined);
  if (found && !found.isFile()) return pipeEventSink(place, so.format);
  const file = await open(place, 'a+').catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`--events ${place}: the file cannot be written (${cause.code}).`, { cause });
  });
  try {
    await (so.isResumed ? cutTornLine(file) : file.truncate(0));
  } finally {
    await file.close();
  }
  return fileEventSink({ path: place, format: so.format });
}

/** A named pipe or a device has no length to cut and no disk to flush to. */
function pipeEventSink(path: string, format: EventFormat): EventSink {
  const stream = createWriteStream(path, { flags: 'a' });
  const sink = streamEventSink({ stream, format });
  return {
    ...sink,
    async close() {
      await new Promise<void>((resolve) => stream.end(resolve));
      await sink.close();
    },
  };
}

async function cutTornLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  const from = Math.max(0, size - TAIL_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  const lastNewline = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
  // No line is so long: this is no file of events, and not ours to cut.
  if (lastNewline < 0 && from > 0) return;
  await file.truncate(from + lastNewline + 1);
}
