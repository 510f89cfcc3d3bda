/** Rows of the ledger as the contracts' records, and values as rows hold them. What comes back is checked. */
import {
  type Counts,
  counts,
  type KeyTuple,
  LEDGER_VERSION,
  type RunRecord,
  runRecord,
  type ShardRecord,
  shardRecord,
  zeroCounts,
} from '@rowparity/contracts';
import { Fault, type RunHead, type StoredRange } from '@rowparity/core';
import type { Row } from './ledgerStore.ts';

/** Null is an open end, or no checkpoint. */
export function encodeKey(key: KeyTuple | null): string | null {
  return key ? JSON.stringify(key) : null;
}

export function keyText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function storedRange(row: Row): StoredRange {
  return { table: Number(row.tableIndex), after: keyText(row.after), upTo: keyText(row.upTo) };
}

export function encodeJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

export function decodeCounts(text: unknown): Counts {
  return counts.parse({ ...zeroCounts(), ...(JSON.parse(String(text)) as object) });
}

export function decodeRun(row: Row): RunRecord {
  const { runId, state, shards, verdict, createdAt, plannedAt, settledAt } = row;
  const record = () => ({
    ...{ version: LEDGER_VERSION, runId, state, shards, verdict, createdAt, plannedAt, settledAt },
    spec: jsonOrNull(row.spec),
    cancelRequested: row.cancelRequested === 1,
    tables: jsonOrNull(row.tables),
    servers: jsonOrNull(row.servers) ?? undefined,
    failure: jsonOrNull(row.failure),
    unstable: jsonOrNull(row.unstable) ?? undefined,
    comparedFrom: row.comparedFrom ?? undefined,
    comparedTo: row.comparedTo ?? undefined,
  });
  const parsed = runRecord.safeParse(orNothing(record));
  if (parsed.success) return parsed.data;
  throw unreadableRun(String(runId), parsed.error);
}

/** Throws RUN_UNREADABLE. */
export function decodeHead(row: Row): RunHead {
  const { runId, state, verdict, createdAt, settledAt } = row;
  const head = { runId, state, verdict, createdAt, settledAt, cancelRequested: row.cancelRequested === 1 };
  const parsed = runHead.safeParse(head);
  if (parsed.success) return parsed.data;
  throw unreadableRun(String(runId), parsed.error);
}

const runHead = runRecord.pick({
  ...{ runId: true, state: true, cancelRequested: true },
  ...{ verdict: true, createdAt: true, settledAt: true },
});

function unreadableRun(runId: string, cause: Error): Fault {
  const message = `The ledger's record of run ${runId} is not readable: the file is damaged. Start a new run in another file.`;
  return new Fault('permanent', { code: 'RUN_UNREADABLE', message }, { cause });
}

export function decodeShard(row: Row): ShardRecord {
  const { shard, tableIndex, state, attempt, holder, outcome, claimedAt, committedAt, finishedAt } = row;
  const parsed = shardRecord.safeParse({
    ...{ shard, table: tableIndex, state, attempt, holder, outcome, claimedAt, committedAt, finishedAt },
    range: { after: jsonOrNull(row.after), upTo: jsonOrNull(row.upTo) },
    checkpoint: jsonOrNull(row.checkpoint),
    counts: decodeCounts(row.counts),
    failure: jsonOrNull(row.failure),
  });
  if (parsed.success) return parsed.data;
  throw unreadable(`shard ${shard}`, parsed.error);
}

/** A text that is no JSON makes the whole record unreadable. */
function orNothing(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

export function jsonOrNull(text: unknown): unknown {
  return typeof text === 'string' ? JSON.parse(text) : null;
}

function unreadable(what: string, cause: Error): Fault {
  const message = `The ledger's record of ${what} is not readable: the file is damaged. Start a new run.`;
  return new Fault('invariant', { code: 'INTERNAL', message }, { cause });
}
