/** The readers of a shard whose reads are steps of its attempt. They change nothing. */
import {
  type ChangedKeysReader,
  type MultisetReader,
  mapSides,
  type RowReader,
  type ShardReaders,
  type Side,
} from '@rowparity/core';
import type { StepKind, StepSpans } from './stepSpans.ts';

type Step = <T>(kind: StepKind, work: () => Promise<T>, rows?: (end: T) => number) => Promise<T>;

export function tracedReaders(readers: ShardReaders, steps: StepSpans): ShardReaders {
  const stepOf =
    (side: Side): Step =>
    (kind, work, rows) =>
      steps.step(kind, work, (end) => ({
        'rowparity.side': side,
        ...(rows ? { 'rowparity.rows': rows(end) } : {}),
      }));
  const { pages, points, multisets, changed } = readers;
  return {
    ...readers,
    pages: mapSides(pages, (reader, side) => tracedRows(reader, stepOf(side))),
    points: mapSides(points, (reader, side) => tracedRows(reader, stepOf(side))),
    multisets: multisets && mapSides(multisets, (reader, side) => tracedMultisets(reader, stepOf(side))),
    changed: changed && mapSides(changed, (reader, side) => tracedChanges(reader, stepOf(side))),
  };
}

function tracedRows(reader: RowReader, step: Step): RowReader {
  return {
    readPage: (range, limits, signal) => step('read', () => reader.readPage(range, limits, signal), rowsOf),
    stream(range, limits, signal) {
      const stream = reader.stream(range, limits, signal);
      return {
        page: () => step('read', () => stream.page(), rowsOf),
        take: (rows) => stream.take(rows),
        close: () => stream.close(),
      };
    },
    readKeys: (keys, signal) => step('recheck', () => reader.readKeys(keys, signal), rowsOf),
    digests: (ranges, signal) => step('digest', () => reader.digests(ranges, signal), rowsOfAll),
    probeDigest: (range, probe, signal) => reader.probeDigest(range, probe, signal),
    keysBehind: (range, counted, signal) => reader.keysBehind(range, counted, signal),
    lastKey: (range, signal) => reader.lastKey(range, signal),
    position: (signal) => reader.position(signal),
    progress: (question, signal) => reader.progress(question, signal),
    forget: () => reader.forget(),
    broken: (found) => reader.broken(found),
    close: () => reader.close(),
  };
}

function tracedMultisets(reader: MultisetReader, step: Step): MultisetReader {
  return {
    sums: (range, signal) => step('digest', () => reader.sums(range, signal)),
    rows: (buckets, signal) => reader.rows(buckets, signal),
    probe: (slice, signal) => reader.probe(slice, signal),
    close: () => reader.close(),
  };
}

function tracedChanges(reader: ChangedKeysReader, step: Step): ChangedKeysReader {
  return {
    list: (after, rows, signal) =>
      step(
        'read',
        () => reader.list(after, rows, signal),
        (keys) => keys.length,
      ),
    among: (keys, signal) => reader.among(keys, signal),
    close: () => reader.close(),
  };
}

function rowsOf({ rows }: { readonly rows: number }): number {
  return rows;
}

function rowsOfAll(parts: readonly { readonly rows: number }[]): number {
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}
