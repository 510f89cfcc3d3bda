/** Events to a file of JSON lines, appended; a flush has them on the disk. Writes go one after the other. */
import { type FileHandle, open } from 'node:fs/promises';
import type { EventFormat } from '@rowparity/contracts';
import type { EventSink } from '@rowparity/core';
import { linesOf } from './lines.ts';
import { eventsFault } from './sinkFault.ts';

export interface FileEventSinkOptions {
  readonly path: string;
  readonly format: EventFormat;
}

export async function fileEventSink({ path, format }: FileEventSinkOptions): Promise<EventSink> {
  const file = await openFile(path);
  let last: Promise<void> = Promise.resolve();
  let isTorn = false;

  async function write(lines: string): Promise<void> {
    try {
      await file.appendFile(isTorn ? `\n${lines}` : lines);
      isTorn = false;
    } catch (cause) {
      isTorn = true;
      throw eventsFault('transient', `Events could not be written to ${path}: ${reasonOf(cause)}`, cause);
    }
  }

  return {
    async publish(events, signal) {
      signal.throwIfAborted();
      if (events.length === 0) return;
      const written = last.then(() => write(linesOf(events, format)));
      last = written.catch(() => {});
      await written;
    },
    async flush(signal) {
      signal.throwIfAborted();
      await last;
      await file.datasync().catch((cause: unknown) => {
        throw eventsFault(
          'transient',
          `Events could not be brought to the disk, ${path}: ${reasonOf(cause)}`,
          cause,
        );
      });
    },
    async close() {
      await last;
      await file.close();
    },
  };
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a');
  } catch (cause) {
    const message = `The file for events, ${path}, cannot be opened for appending: ${reasonOf(cause)}. Name another.`;
    throw eventsFault('configuration', message, cause);
  }
}

function reasonOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? String(cause);
}
