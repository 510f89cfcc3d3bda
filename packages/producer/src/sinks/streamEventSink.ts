/** Events to a stream of JSON lines, such as standard output. A flush waits until the stream has passed them on. */
import type { Writable } from 'node:stream';
import type { EventFormat } from '@rowparity/contracts';
import type { EventSink } from '@rowparity/core';
import { linesOf } from './lines.ts';
import { eventsFault } from './sinkFault.ts';

export interface StreamEventSinkOptions {
  readonly stream: Writable;
  readonly format: EventFormat;
}

/** The stream stays the caller's: closing the sink leaves it open. */
export function streamEventSink({ stream, format }: StreamEventSinkOptions): EventSink {
  // A write's callback tells of every error; without a listener the stream's own event would end the process.
  const ignore = (): void => {};
  stream.on('error', ignore);

  const write = (lines: string): Promise<void> =>
    new Promise((resolve, reject) => {
      stream.write(lines, (cause) => {
        if (cause)
          reject(eventsFault('transient', `Nobody reads the stream of events: ${cause.message}`, cause));
        else resolve();
      });
    });

  return {
    /** Waits for its own lines: what is published is bounded by what the reader takes. */
    async publish(events, signal) {
      signal.throwIfAborted();
      if (events.length > 0) await write(linesOf(events, format));
    },
    async flush(signal) {
      signal.throwIfAborted();
    },
    async close() {
      stream.off('error', ignore);
    },
  };
}

export function stdoutEventSink(format: EventFormat): EventSink {
  return streamEventSink({ stream: process.stdout, format });
}
