/** Rows of the ledger as the contracts' records, and values as rows hold them. What comes back is checked. */
import {
  type Counts,
  counts,
  Fault,
  type KeyTuple,
  LEDGER_VERSION,
  type RunHeader,
  runHeader,
  type ShardRecord,
  type SomeCounts,
  shardRecord,
  zeroCounts,
} from '@rowparity/contracts';
import { markOf, type ShardMark, type StoredRange } from '@rowparity/core';

import type { Row } from './ledgerStore.ts';

/** Null is an open end, or no checkpoint. */
export function encodeKey(key: KeyTuple | null): string | null {
  return key ? JSON.stringify(key) : null;
}

export function keyText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function storedRange(row: Row): StoredRange {
  const { tableIndex, after, upTo, keys } = row;
  return { table: Number(tableIndex), after: keyText(after), upTo: keyText(upTo), keys: keyText(keys) };
}

export function encodeJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

export function decodeCounts(text: unknown): Counts {
  return counts.parse({ ...zeroCounts(), ...(JSON.parse(String(text)) as object) });
}

/** Columns of the header. */
export const HEADER = [
  ...[
    'runId',
    'generation',
    'state',
    'cancelRequested',
    'pausedAt',
    'pausedMs',
    'direction',
    'window',
    'planName',
    'tableCount',
  ],
  ...['shards', 'verdict', 'failure', 'comparedFrom', 'comparedTo', 'createdAt', 'plannedAt', 'settledAt'],
].join(', ');

/** Throws RUN_UNREADABLE. */
export function decodeHeader(row: Row): RunHeader {
  return readable(String(row.runId), () =>
    runHeader.parse({
      ...row,
      version: LEDGER_VERSION,
      cancelRequested: row.cancelRequested === 1,
      failure: jsonOrNull(row.failure),
      comparedFrom: row.comparedFrom ?? undefined,
      comparedTo: row.comparedTo ?? undefined,
    }),
  );
}

/** What `read` makes of a run's record. Throws RUN_UNREADABLE when it cannot. */
export function readable<T>(runId: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw unreadableRun(runId, cause);
  }
}

function unreadableRun(runId: string, cause: unknown): Fault {
  const message = `The ledger's record of run ${runId} is not readable: the file is damaged. Start a new run in another file.`;
  return new Fault('permanent', { code: 'RUN_UNREADABLE', message }, { cause, place: 'ledger' });
}

export function decodeShard(row: Row): ShardRecord {
  const { shard, tableIndex, state, attempt, holder, outcome, claimedAt, committedAt, finishedAt } = row;
  try {
    return shardRecord.parse({
      ...{ shard, table: tableIndex, state, attempt, holder, outcome, claimedAt, committedAt, finishedAt },
      range: { after: jsonOrNull(row.after), upTo: jsonOrNull(row.upTo) },
      ...(row.keys === null ? {} : { keys: jsonOrNull(row.keys) }),
      checkpoint: jsonOrNull(row.checkpoint),
      counts: decodeCounts(row.counts),
      failure: jsonOrNull(row.failure),
      ...(row.inheritedFrom === null ? {} : { inheritedFrom: row.inheritedFrom }),
    });
  } catch (error) {
    throw unreadable(`shard ${shard}`, error);
  }
}

/** What a map needs of a shard, and without a check of the rest. */
export function decodeMark(row: Row): ShardMark {
  return markOf({
    table: Number(row.tableIndex),
    after: keyText(row.after),
    upTo: keyText(row.upTo),
    holdsKeys: row.holdsKeys === 1,
    state: String(row.state),
    outcome: keyText(row.outcome),
    counts: JSON.parse(String(row.counts)) as SomeCounts,
    claimedAt: row.claimedAt as number | null,
    committedAt: row.committedAt as number | null,
    isInherited: row.inheritedFrom !== null,
  });
}

export function jsonOrNull(text: unknown): unknown {
  return typeof text === 'string' ? JSON.parse(text) : null;
}

function unreadable(what: string, cause: unknown): Fault {
  const message = `The ledger's record of ${what} is not readable: the file is damaged. Start a new run.`;
  return new Fault('invariant', { code: 'INTERNAL', message }, { cause, place: 'ledger' });
}
