/**
 * Writes events as lines of JSON. Writes are sequential. After a failed write the next event begins on a new line, so
 * that it is not lost in the rest of a partial line.
 */
import type { EventFormat } from '@rowparity/contracts';
import type { ClosableSink } from '@rowparity/core';
import { linesOf } from './lines.ts';
import { eventsFault } from './sinkFault.ts';

export interface LineOutput {
  /** As messages name it. */
  readonly name: string;
  /** The existing content ends in the middle of a line. */
  readonly isTorn?: boolean;
  /** Rejects unless the whole text was taken. */
  write(text: string, signal: AbortSignal): Promise<void>;
  /** Resolves when what was written lasts as long as the place does. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export function lineEventSink(output: LineOutput, format: EventFormat): ClosableSink {
  let last: Promise<void> = Promise.resolve();
  let isTorn = output.isTorn ?? false;

  async function write(lines: string, signal: AbortSignal): Promise<void> {
    try {
      await output.write(isTorn ? `\n${lines}` : lines, signal);
      isTorn = false;
    } catch (cause) {
      isTorn = true;
      if (signal.aborted && cause === signal.reason) throw cause;
      throw notWritten(output, cause);
    }
  }

  return {
    async publish(events, signal) {
      signal.throwIfAborted();
      const lines = linesOf(events, format);
      if (lines === '') return;
      const written = last.then(() => write(lines, signal));
      last = written.catch(() => {});
      await written;
    },
    async flush(signal) {
      signal.throwIfAborted();
      await last;
      await output.sync().catch((cause: unknown) => {
        throw notWritten(output, cause);
      });
    },
    async close() {
      await last;
      await output.close().catch((cause: unknown) => {
        throw notWritten(output, cause);
      });
    },
  };
}

function notWritten({ name }: LineOutput, cause: unknown) {
  const { code, message } = cause as NodeJS.ErrnoException;
  return eventsFault(
    'transient',
    `Events could not be written to ${name}: ${code ?? message ?? String(cause)}.`,
    cause,
  );
}
