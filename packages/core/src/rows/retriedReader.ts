/**
 * A reader that retries each single statement after a transient fault. It does not retry streams: a stream must be
 * opened again after the rows that were taken, and only its user knows them (readPairs).
 */
import type { RowReader } from '../ports/rowSource.ts';

/** Does a step again after a transient fault. */
export type Retry = <T>(step: () => Promise<T>) => Promise<T>;

export function retriedReader(reader: RowReader, retry: Retry): RowReader {
  return {
    readPage: (range, limits, signal) => retry(() => reader.readPage(range, limits, signal)),
    stream: (range, limits, signal) => reader.stream(range, limits, signal),
    readKeys: (keys, signal) => retry(() => reader.readKeys(keys, signal)),
    digests: (ranges, signal) => retry(() => reader.digests(ranges, signal)),
    probeDigest: (range, probe, signal) => retry(() => reader.probeDigest(range, probe, signal)),
    keysBehind: (range, counted, signal) => retry(() => reader.keysBehind(range, counted, signal)),
    lastKey: (range, signal) => retry(() => reader.lastKey(range, signal)),
    position: (signal) => retry(() => reader.position(signal)),
    progress: (question, signal) => retry(() => reader.progress(question, signal)),
    forget: () => reader.forget(),
    broken: (found) => reader.broken(found),
    close: () => reader.close(),
  };
}
