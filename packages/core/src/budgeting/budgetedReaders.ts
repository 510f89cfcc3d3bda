/**
 * Readers whose statements wait for the budget of their server. readPairs opens streams in pairs and asks for both
 * sides at once. These readers ask for one side and hold nothing meanwhile.
 */
import type { KeyTuple } from '@rowparity/contracts';
import type { ChangedKey, ChangedKeysReader } from '../ports/changedKeys.ts';
import type { MultisetReader } from '../ports/multisetReader.ts';
import type { RangeDigest, RowPage, RowReader } from '../ports/rowSource.ts';
import type { Side } from '../sides/sides.ts';
import type { ShardBudget } from './shardBudget.ts';

/** A digest, a key or a few numbers. */
const ANSWER_BYTES = 64;

export function budgetedPages(reader: RowReader, side: Side, budget: ShardBudget): RowReader {
  if (!budget.isLimited(side)) return reader;
  const admitted = <T>(statement: Statement<T>) => runAdmitted(statement, side, budget);
  return {
    ...passed(reader),
    readPage: (range, limits, signal) =>
      admitted({
        rows: limits.rows,
        signal,
        run: () => reader.readPage(range, limits, signal),
        read: (page: RowPage) => readOf(page),
      }),
    readKeys: (keys, signal) =>
      admitted({
        rows: keys.length,
        signal,
        run: () => reader.readKeys(keys, signal),
        read: (page: RowPage) => readOf(page),
      }),
    digests: (ranges, signal) =>
      admitted({
        rows: 0,
        signal,
        run: () => reader.digests(ranges, signal),
        read: (digests: readonly RangeDigest[]) => ({
          rows: digests.reduce((rows, digest) => rows + digest.rows, 0),
          bytes: digests.length * ANSWER_BYTES,
        }),
      }),
    probeDigest: (range, probe, signal) =>
      admitted({
        rows: probe.rows,
        signal,
        run: () => reader.probeDigest(range, probe, signal),
        read: () => ({ rows: probe.rows, bytes: ANSWER_BYTES }),
      }),
    keysBehind: (range, counted, signal) =>
      admitted({
        rows: 0,
        signal,
        run: () => reader.keysBehind(range, counted, signal),
        read: (keys: readonly KeyTuple[]) => ({ rows: 0, bytes: keys.length * ANSWER_BYTES }),
      }),
  };
}

/** Point reads of rechecks are few rows and may not wait behind pages, but their rows count. */
export function chargedPoints(reader: RowReader, side: Side, budget: ShardBudget): RowReader {
  if (!budget.isLimited(side)) return reader;
  const charged = async (reading: Promise<RowPage>) => {
    const page = await reading;
    budget.charge(side, readOf(page));
    return page;
  };
  return {
    ...passed(reader),
    readPage: (range, limits, signal) => charged(reader.readPage(range, limits, signal)),
    readKeys: (keys, signal) => charged(reader.readKeys(keys, signal)),
  };
}

export function budgetedChanges(
  reader: ChangedKeysReader,
  side: Side,
  budget: ShardBudget,
): ChangedKeysReader {
  if (!budget.isLimited(side)) return reader;
  const read = (keys: readonly ChangedKey[]) => ({ rows: keys.length, bytes: keys.length * ANSWER_BYTES });
  return {
    list: (after, rows, signal) =>
      runAdmitted({ rows, signal, run: () => reader.list(after, rows, signal), read }, side, budget),
    among: (keys, signal) =>
      runAdmitted({ rows: keys.length, signal, run: () => reader.among(keys, signal), read }, side, budget),
    close: () => reader.close(),
  };
}

export function budgetedMultisets(reader: MultisetReader, side: Side, budget: ShardBudget): MultisetReader {
  if (!budget.isLimited(side)) return reader;
  return {
    sums: (range, signal) =>
      runAdmitted(
        {
          rows: 0,
          signal,
          run: () => reader.sums(range, signal),
          read: (sums) => ({
            rows: sums.reduce((rows, sum) => rows + sum.rows, 0),
            bytes: sums.length * ANSWER_BYTES,
          }),
        },
        side,
        budget,
      ),
    async *rows(buckets, signal) {
      const grant = await budget.read({ sides: [side], rows: 0, signal });
      try {
        for await (const chunk of reader.rows(buckets, signal)) {
          grant.take(side, { rows: chunk.lines, bytes: chunk.lines * ANSWER_BYTES });
          yield chunk;
        }
      } finally {
        grant.release();
      }
    },
    probe: (slice, signal) =>
      runAdmitted(
        {
          rows: slice.rows,
          signal,
          run: () => reader.probe(slice, signal),
          read: () => ({ rows: slice.rows, bytes: slice.rows * ANSWER_BYTES }),
        },
        side,
        budget,
      ),
    close: () => reader.close(),
  };
}

/** Rows of a page, with what they took on the wire. */
export function readOf({ rows, bounds }: Pick<RowPage, 'rows' | 'bounds'>) {
  const bytes = rows === 0 ? 0 : (bounds[2 * rows - 1] as number) - (bounds[0] as number);
  return { rows, bytes };
}

interface Statement<T> {
  /** Expected. */
  readonly rows: number;
  readonly signal: AbortSignal;
  run(): Promise<T>;
  read(answer: T): { readonly rows: number; readonly bytes: number };
}

async function runAdmitted<T>(statement: Statement<T>, side: Side, budget: ShardBudget): Promise<T> {
  const { rows, signal, run, read } = statement;
  const grant = await budget.read({ sides: [side], rows, signal });
  try {
    const answer = await run();
    grant.take(side, read(answer));
    return answer;
  } finally {
    grant.release();
  }
}

/** The calls that need no admission: few numbers, no rows, or a stream, which readPairs asks for. */
function passed(reader: RowReader): RowReader {
  return {
    readPage: (range, limits, signal) => reader.readPage(range, limits, signal),
    stream: (range, limits, signal) => reader.stream(range, limits, signal),
    readKeys: (keys, signal) => reader.readKeys(keys, signal),
    digests: (ranges, signal) => reader.digests(ranges, signal),
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
