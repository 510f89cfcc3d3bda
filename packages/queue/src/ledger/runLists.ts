/** Reading runs of the Redis ledger, one or many. In a list a record that cannot be read is told of, beside the others. */
import { type RunRecord, runId as runIdSchema } from '@rowparity/contracts';
import { isUnreadable, type RunHead, type RunList, readRuns, type UnreadableRun } from '@rowparity/core';
import { orRedisFault } from '../connection/redisFault.ts';
import { runSetKeys } from './ledgerKeys.ts';
import type { ReadStore } from './ledgerStore.ts';
import { decodeHead, decodeRun, HEAD_FIELDS, unreadableRun } from './runRecords.ts';

/** Runs read at once while listing: a record with a thousand tables is about a megabyte. */
const LIST_SLICE = 50;

export async function readRun(store: ReadStore, runId: string): Promise<RunRecord | undefined> {
  // An id with ":" would reach the key of another part of a run.
  if (!runIdSchema.safeParse(runId).success) return undefined;
  const fields = await ofRun(runId, orRedisFault(store.redis.hgetall(store.keysOf(runId).run)));
  return Object.keys(fields).length > 0 ? decodeRun(runId, fields) : undefined;
}

export async function readHead(store: ReadStore, runId: string): Promise<RunHead | undefined> {
  if (!runIdSchema.safeParse(runId).success) return undefined;
  const values = await ofRun(runId, orRedisFault(store.redis.hmget(store.keysOf(runId).run, ...HEAD_FIELDS)));
  if (values.every((value) => value === null)) return undefined;
  const pairs = HEAD_FIELDS.map((field, place) => [field, values[place] ?? undefined]);
  return decodeHead(runId, Object.fromEntries(pairs) as Record<string, string>);
}

export function listRuns(store: ReadStore, limit: number): Promise<RunList<RunRecord>> {
  return list(store, limit, readRun);
}

export function listHeads(store: ReadStore, limit: number): Promise<RunList<RunHead>> {
  return list(store, limit, readHead);
}

async function list<Run>(
  store: ReadStore,
  limit: number,
  read: (store: ReadStore, runId: string) => Promise<Run | undefined>,
): Promise<RunList<Run>> {
  const { redis, prefix } = store;
  const runs: Run[] = [];
  const unreadable: UnreadableRun[] = [];
  for (let from = 0; runs.length + unreadable.length < limit; ) {
    const last = from + Math.min(LIST_SLICE, limit) - 1;
    const ids = await orRedisFault(redis.zrevrange(runSetKeys(prefix).runs, from, last));
    if (ids.length === 0) break;
    const found = await readRuns(ids, (runId) => read(store, runId));
    runs.push(...found.runs);
    unreadable.push(...found.unreadable);
    from += ids.length;
  }
  return { runs: runs.slice(0, limit), unreadable };
}

/** Names the run whose key holds another type. */
async function ofRun<T>(runId: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    throw unreadableRun(runId, error);
  }
}
