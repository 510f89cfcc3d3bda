/** Events to a file of JSON lines, appended; a flush has them on the disk. */
import { type FileHandle, open } from 'node:fs/promises';
import type { EventFormat } from '@rowparity/contracts';
import type { ClosableSink } from '@rowparity/core';
import { lineEventSink } from './lineEventSink.ts';
import { eventsFault } from './sinkFault.ts';

export interface FileEventSinkOptions {
  readonly path: string;
  readonly format: EventFormat;
}

export async function fileEventSink({ path, format }: FileEventSinkOptions): Promise<ClosableSink> {
  const file = await openFile(path);
  return lineEventSink(
    {
      name: path,
      // Goes on after a short write until everything is written.
      write: (text) => file.appendFile(text),
      sync: () => file.datasync(),
      close: () => file.close(),
    },
    format,
  );
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a');
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    const message = `The file for events, ${path}, cannot be opened for appending: ${code}. Name another.`;
    throw eventsFault('configuration', message, cause);
  }
}
