/** The readers of a shard, with the time of each statement. They change nothing and keep nothing. */
import type { ChangedKeysReader, MultisetReader, RowReader, RowStream, ShardReaders } from '@rowparity/core';
import { mapSides, type Side } from '@rowparity/core';
import type { StatementKind, StatementTimes, Timed } from '@rowparity/runtime';

type TimedOf = (kind: StatementKind) => Timed;

/** `connectionOf`: the name that the spec gives a side's database. */
export function timedReaders(
  readers: ShardReaders,
  times: StatementTimes,
  connectionOf: (side: Side) => string,
): ShardReaders {
  const timedOf =
    (side: Side): TimedOf =>
    (kind) =>
      times.of(connectionOf(side), kind);
  const { pages, points, multisets, changed } = readers;
  return {
    ...readers,
    pages: mapSides(pages, (reader, side) => timedRows(reader, timedOf(side))),
    points: mapSides(points, (reader, side) => timedRows(reader, timedOf(side))),
    multisets: multisets && mapSides(multisets, (reader, side) => timedMultisets(reader, timedOf(side))),
    changed: changed && mapSides(changed, (reader, side) => timedChanges(reader, timedOf(side))),
  };
}

function timedRows(reader: RowReader, timed: TimedOf): RowReader {
  const [page, points, digest] = [timed('page'), timed('points'), timed('digest')];
  const [plan, fence] = [timed('plan'), timed('fence')];
  return {
    readPage: (range, limits, signal) => page(() => reader.readPage(range, limits, signal)),
    stream: (range, limits, signal) => timedStream(reader.stream(range, limits, signal), page),
    readKeys: (keys, signal) => points(() => reader.readKeys(keys, signal)),
    digests: (ranges, signal) => digest(() => reader.digests(ranges, signal)),
    probeDigest: (range, probe, signal) => digest(() => reader.probeDigest(range, probe, signal)),
    keysBehind: (range, counted, signal) => plan(() => reader.keysBehind(range, counted, signal)),
    lastKey: (range, signal) => plan(() => reader.lastKey(range, signal)),
    position: (signal) => fence(() => reader.position(signal)),
    progress: (question, signal) => fence(() => reader.progress(question, signal)),
    forget: () => reader.forget(),
    broken: (found) => reader.broken(found),
    close: () => reader.close(),
  };
}

function timedStream(stream: RowStream, page: Timed): RowStream {
  return {
    page: () => page(() => stream.page()),
    take: (rows) => stream.take(rows),
    close: () => stream.close(),
  };
}

function timedMultisets(reader: MultisetReader, timed: TimedOf): MultisetReader {
  const multiset = timed('multiset');
  return {
    sums: (range, signal) => multiset(() => reader.sums(range, signal)),
    async *rows(buckets, signal) {
      const chunks = reader.rows(buckets, signal);
      try {
        for (;;) {
          const next = await multiset(() => chunks.next());
          if (next.done) return;
          yield next.value;
        }
      } finally {
        await chunks.return();
      }
    },
    probe: (slice, signal) => multiset(() => reader.probe(slice, signal)),
    close: () => reader.close(),
  };
}

function timedChanges(reader: ChangedKeysReader, timed: TimedOf): ChangedKeysReader {
  const changes = timed('changes');
  return {
    list: (after, rows, signal) => changes(() => reader.list(after, rows, signal)),
    among: (keys, signal) => changes(() => reader.among(keys, signal)),
    close: () => reader.close(),
  };
}
