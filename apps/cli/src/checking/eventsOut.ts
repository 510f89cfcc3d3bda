/**
 * Where the events of a check go: one sink for all its shards. A new run begins its file anew. A continued run
 * appends, after cutting off a line that a kill left half written: such an event was never acknowledged, so its
 * checkpoint did not move and it is sent again (law 3).
 */
import { type FileHandle, open } from 'node:fs/promises';
import type { EventFormat } from '@rowparity/contracts';
import type { ClosableSink } from '@rowparity/core';
import { fileEventSink, type LineOutput, lineEventSink } from '@rowparity/producer';
import { openThrough } from '../output/openThrough.ts';
import { isStandardOutput, isStandardOutputTorn, standardOutput } from '../output/standardOutput.ts';
import { type Target, targetOf } from '../output/targetOf.ts';
import { writeAll } from '../output/writeAll.ts';
import { UsageError } from '../usage/usageError.ts';

/** Longer than any event: its key has at most 16 columns of an index's few kilobytes. */
const TAIL_BYTES = 256 * 1024;
const NEWLINE = 0x0a;
/** How every event begins, of either format. */
const EVENT_BEGINNINGS = ['{"ID":', '{"Direction":'];

export async function openEvents(
  place: string,
  options: { readonly format: EventFormat; readonly isResumed: boolean },
): Promise<ClosableSink> {
  if (await isStandardOutput(place))
    return lineEventSink({ ...standardOutput(), isTorn: await isStandardOutputTorn() }, options.format);
  const target = await orUsageError(place, targetOf(place));
  if (target.kind === 'through') return lineEventSink(throughOutput(place, target), options.format);
  const file = await orUsageError(place, open(place, 'a+'));
  try {
    await (options.isResumed ? cutTornLine(file) : file.truncate(0));
  } finally {
    await file.close();
  }
  return fileEventSink({ path: place, format: options.format });
}

/**
 * A named pipe or a device has no length to cut and no disk to flush to. The run does not wait for a reader of a pipe.
 */
function throughOutput(name: string, target: Extract<Target, { kind: 'through' }>): LineOutput {
  const closing = new AbortController();
  const opening = openThrough(target, closing.signal);
  opening.catch(() => undefined);
  return {
    name,
    async write(text, signal) {
      const file = await Promise.race([opening, rejectedBy(signal)]);
      await writeAll(file.fd, text, signal);
    },
    sync: async () => {},
    async close() {
      closing.abort();
      const file = await opening.catch(() => undefined);
      await file?.close();
    },
  };
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return promise;
}

async function cutTornLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  const from = Math.max(0, size - TAIL_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  const tail = buffer.subarray(0, bytesRead);
  const lineStart = tail.lastIndexOf(NEWLINE) + 1;
  const torn = tail.toString('utf8', lineStart);
  if (torn === '') return;
  // Text that does not begin an event is not cut. It stays on a line of its own.
  const isEvent = EVENT_BEGINNINGS.some((begin) => torn.startsWith(begin) || begin.startsWith(torn));
  if (isEvent && (lineStart > 0 || from === 0)) await file.truncate(from + lineStart);
  else await file.appendFile('\n');
}

async function orUsageError<T>(place: string, step: Promise<T>): Promise<T> {
  return step.catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`--events ${place}: the file cannot be written (${cause.code}).`, { cause });
  });
}
