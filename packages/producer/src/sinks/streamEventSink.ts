/** Events to a stream of JSON lines, such as a pipe. Each write waits until the stream has passed it on. */
import type { Writable } from 'node:stream';
import type { EventFormat } from '@rowparity/contracts';
import type { ClosableSink } from '@rowparity/core';
import { lineEventSink } from './lineEventSink.ts';

export interface StreamEventSinkOptions {
  readonly stream: Writable;
  readonly format: EventFormat;
}

/** The stream stays the caller's: closing the sink leaves it open. */
export function streamEventSink({ stream, format }: StreamEventSinkOptions): ClosableSink {
  // A write's callback tells of every error; without a listener the stream's own event would end the process.
  const ignore = (): void => {};
  stream.on('error', ignore);
  const write = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      stream.write(text, (error) => (error ? reject(error) : resolve()));
    });
  const close = async (): Promise<void> => void stream.off('error', ignore);
  return lineEventSink({ name: 'the stream of events', write, sync: async () => {}, close }, format);
}
