/**
 * A shard as Redis keeps it and back: an entry of the plan (table, after, upTo) and, once it was claimed, its state.
 * Both are lines of text; JSON never holds a line break, so the lines need no escaping.
 */
import {
  COUNT_NAMES,
  type Counts,
  counts,
  type KeyTuple,
  type PlannedShard,
  plannedShard,
  type ShardRecord,
  shardRecord,
  zeroCounts,
} from '@rowparity/contracts';
import { type InheritedShard, markOf, type Pending, type ShardMark } from '@rowparity/core';
import { jsonOrNull, numberOrNull, unreadable } from './runRecords.ts';

/** A report shows the first hundred; the rest stands at the shards themselves. */
export const FAILURES_KEPT_MAX = 1000;

export function encodePlanned(shard: PlannedShard): string {
  const { table, range, keys } = plannedShard.parse(shard);
  const entry = [table, encodeKey(range.after), encodeKey(range.upTo)];
  return [...entry, ...(keys ? [JSON.stringify(keys)] : [])].join('\n');
}

/** The empty text is an open end, or no checkpoint. */
export function encodeKey(key: KeyTuple | null): string {
  return key ? JSON.stringify(key) : '';
}

/** Empty where nothing is pending. */
export function encodePending({ rows, candidates }: Pending): string {
  return rows + candidates > 0 ? `${rows} ${candidates}` : '';
}

/** Only what is not zero: most shards have rows and nothing else. */
export function encodeCounts(add: Counts): string {
  const checked = counts.parse(add);
  return COUNT_NAMES.filter((name) => checked[name] > 0)
    .map((name) => `${name}=${checked[name]}`)
    .join(' ');
}

function decodeCounts(text: string): Readonly<Record<string, number>> {
  return { ...zeroCounts(), ...storedCounts(text) };
}

function storedCounts(text: string): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const pair of text.split(' ')) {
    const middle = pair.indexOf('=');
    if (middle > 0) found[pair.slice(0, middle)] = Number(pair.slice(middle + 1));
  }
  return found;
}

export function decodeShard(shard: number, entry: string, state: string | null): ShardRecord {
  const [table, after, upTo, keys] = entry.split('\n');
  try {
    return shardRecord.parse({
      shard,
      table: Number(table),
      range: { after: jsonOrNull(after), upTo: jsonOrNull(upTo) },
      ...(keys === undefined ? {} : { keys: JSON.parse(keys) as unknown }),
      ...decodeState(state ?? NEVER_CLAIMED),
    });
  } catch (error) {
    throw unreadable(`shard ${shard}`, error);
  }
}

/** Of the same lines, and without a check of what a map does not need. */
export function decodeMark(entry: string, state: string | null): ShardMark {
  const [table, after, upTo, keys] = entry.split('\n');
  const lines = (state ?? NEVER_CLAIMED).split('\n');
  return markOf({
    table: Number(table),
    after: after || null,
    upTo: upTo || null,
    holdsKeys: keys !== undefined,
    state: lines[0] ?? '',
    counts: storedCounts(lines[7] ?? ''),
    outcome: lines[8] || null,
    claimedAt: numberOrNull(lines[10]),
    committedAt: numberOrNull(lines[11]),
    isInherited: Boolean(lines[14]),
  });
}

/** Undefined of a shard that no attempt holds. */
export function holderIn(state: string | null): string | undefined {
  const [name, , , , , holder] = (state ?? NEVER_CLAIMED).split('\n');
  return name === 'running' ? holder : undefined;
}

/** The lines of prelude.lua, in its order. */
const NEVER_CLAIMED = ['planned', '0', '0', '', '', '', '', '', '', '', '', '', '', ''].join('\n');

function decodeState(
  state: string,
): Omit<
  Readonly<Record<keyof ShardRecord, unknown>>,
  'shard' | 'table' | 'range' | 'keys' | 'inheritedFrom'
> {
  const [
    name,
    attempt,
    ,
    ,
    ,
    holder,
    checkpoint,
    sums = '',
    outcome,
    failure,
    claimedAt,
    committedAt,
    finishedAt,
    ,
    inheritedFrom,
  ] = state.split('\n');
  return {
    state: name,
    attempt: Number(attempt),
    holder: holder || null,
    checkpoint: jsonOrNull(checkpoint),
    counts: decodeCounts(sums),
    outcome: outcome || null,
    failure: jsonOrNull(failure),
    claimedAt: numberOrNull(claimedAt),
    committedAt: numberOrNull(committedAt),
    finishedAt: numberOrNull(finishedAt),
    ...(inheritedFrom ? { inheritedFrom } : {}),
  };
}

/** The lines of a shard that is done, and one more: the run that it is inherited from. */
export function encodeInherited(shard: InheritedShard): string {
  const { attempt, checkpoint, counts: sums, outcome, failure, inheritedFrom } = shard;
  const times = [shard.claimedAt, shard.committedAt, shard.finishedAt].map((time) => time ?? '');
  const done = ['done', attempt, 0, '', '', '', encodeKey(checkpoint), encodeCounts(sums), outcome];
  return [...done, failure ? JSON.stringify(failure) : '', ...times, '', inheritedFrom].join('\n');
}

const STRIKES_LINE = 2;

export function strikesOf(state: string): number {
  return Number(state.split('\n')[STRIKES_LINE]);
}
