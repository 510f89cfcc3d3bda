/**
 * Reading runs of the Redis ledger, one or many. A list reports unreadable records beside the others.
 */
import {
  type RunHeader,
  type RunPlace,
  type RunPlan,
  type RunRemarks,
  type RunSpec,
  runId as runIdSchema,
} from '@rowparity/contracts';
import {
  isBehind,
  isUnreadable,
  pageOfRuns,
  type RunList,
  type RunPage,
  type RunPageQuery,
  readRuns,
  type UnreadableRun,
} from '@rowparity/core';
import { orRedisFault } from '../connection/redisFault.ts';
import { runSetKeys } from './ledgerKeys.ts';
import type { ReadStore } from './ledgerStore.ts';
import {
  decodeHeader,
  decodePlan,
  decodeRemarks,
  decodeSpec,
  type Fields,
  HEADER_FIELDS,
  unreadableRun,
} from './runRecords.ts';

/** Headers read at once while listing; each is less than a kilobyte, or a few with a long failure. */
const LIST_SLICE = 50;

export async function readHeader(store: ReadStore, runId: string): Promise<RunHeader | undefined> {
  const fields = await readFields(store, runId, HEADER_FIELDS);
  return fields && decodeHeader(runId, fields);
}

export async function readSpec(store: ReadStore, runId: string): Promise<RunSpec | undefined> {
  const fields = await readFields(store, runId, ['version', 'spec']);
  return fields && decodeSpec(runId, fields.spec);
}

export async function readTrace(store: ReadStore, runId: string): Promise<string | undefined> {
  return (await readFields(store, runId, ['traceparent']))?.traceparent;
}

export async function readRemarks(store: ReadStore, runId: string): Promise<RunRemarks> {
  return decodeRemarks(runId, (await readFields(store, runId, ['unstable', 'changed'])) ?? {});
}

export async function readPlan(store: ReadStore, runId: string, name: string): Promise<RunPlan | undefined> {
  if (!isRunId(runId)) return undefined;
  const text = await readingOf(runId, orRedisFault(store.redis.hget(store.keysOf(runId).tables, name)));
  return text === null ? undefined : decodePlan(runId, text);
}

/** Undefined when the run has none of these fields. */
async function readFields(
  store: ReadStore,
  runId: string,
  names: readonly string[],
): Promise<Fields | undefined> {
  if (!isRunId(runId)) return undefined;
  const values = await readingOf(runId, orRedisFault(store.redis.hmget(store.keysOf(runId).run, ...names)));
  if (values.every((value) => value === null)) return undefined;
  return Object.fromEntries(names.map((name, place) => [name, values[place] ?? undefined]));
}

/** An id with ":" would reach the key of another part of a run. */
function isRunId(runId: string): boolean {
  return runIdSchema.safeParse(runId).success;
}

/** The newest runs first. */
export async function listRuns(store: ReadStore, limit: number): Promise<RunList> {
  const { redis, prefix } = store;
  const runs: RunHeader[] = [];
  const unreadable: UnreadableRun[] = [];
  for (let from = 0; runs.length + unreadable.length < limit; ) {
    const last = from + Math.min(LIST_SLICE, limit) - 1;
    const ids = await orRedisFault(redis.zrevrange(runSetKeys(prefix).runs, from, last));
    if (ids.length === 0) break;
    const found = await readRuns(ids, (runId) => readHeader(store, runId));
    runs.push(...found.runs);
    unreadable.push(...found.unreadable);
    from += ids.length;
  }
  return { runs: runs.slice(0, limit), unreadable };
}

export function pageRuns(store: ReadStore, query: RunPageQuery): Promise<RunPage> {
  return pageOfRuns(query, {
    placesAfter: (place, count) => placesAfter(store, place, count),
    read: (runId) => readHeader(store, runId),
  });
}

/** Redis orders ids of one time by their bytes; those that the page before had come first again. */
async function placesAfter(
  { redis, prefix }: ReadStore,
  place: RunPlace | undefined,
  count: number,
): Promise<readonly RunPlace[]> {
  const from = place?.createdAt ?? '+inf';
  const found: RunPlace[] = [];
  for (let offset = 0; ; offset += count) {
    const flat = await orRedisFault(
      redis.zrevrangebyscore(runSetKeys(prefix).runs, from, '-inf', 'WITHSCORES', 'LIMIT', offset, count),
    );
    for (let pair = 0; pair < flat.length; pair += 2) {
      const next = { runId: String(flat[pair]), createdAt: Number(flat[pair + 1]) };
      if (isBehind(next, place)) found.push(next);
    }
    if (flat.length < 2 * count || found.length >= count) return found.slice(0, count);
  }
}

/** Names the run whose key holds another type. */
async function readingOf<T>(runId: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    throw unreadableRun(runId, error);
  }
}
