/**
 * What Redis has lost of a run: keys that were deleted or evicted, or that now hold something else. The records of a
 * run count each other, so a missing record shows in the counts of the others.
 */
import { LOST_TABLES, missingShards } from '@rowparity/core';
import type { ChainableCommander } from 'ioredis';
import { redisFault } from '../connection/redisFault.ts';
import type { LedgerKeys } from './ledgerKeys.ts';
import type { ReadStore } from './ledgerStore.ts';

/** A run that is not planned yet can lose no part: its planning begins anew. */
const PLANNED: ReadonlySet<unknown> = new Set(['running', 'settled']);
const HELD_OR_DONE = ['running', 'match', 'differs', 'inconclusive'] as const;

export async function damageOf(store: ReadStore, runId: string): Promise<readonly string[]> {
  const keys = store.keysOf(runId);
  const [head, plan, tables, shards, totals, open, failures, known, kept, groups] = await readTogether(
    store,
    keys,
  );
  const [state, planned, planName] = (head ?? []) as readonly (string | null)[];
  // Settled before it was planned, so it has no other records.
  if (!PLANNED.has(state) || !planName) return [];
  const expected = Number(planned);
  const sums = totals === undefined ? undefined : sumsOf(totals as readonly (string | null)[]);
  const held = sums?.held ?? 0;
  return [
    ...(plan === undefined ? [otherType('the plan')] : missingShards('the plan', Number(plan), expected)),
    ...namedPlan(tables, planName),
    ...(sums === undefined ? [otherType('the totals')] : missingShards('the totals', sums.shards, expected)),
    ...(shards === undefined
      ? [otherType("the shards' states")]
      : missingShards("the shards' states", Number(shards), Math.min(held, expected))),
    ...(held > expected
      ? [`the order of things: ${held} shards are held or done, and there are ${expected}`]
      : []),
    ...unlessType('the set of open shards', open, 'set'),
    ...unlessType('the list of failures', failures, 'list'),
    ...knownDamage(known, kept),
    ...unlessType('the groups of differences', groups, 'hash'),
  ];
}

/** Read at one moment; undefined for a key of another type. */
async function readTogether({ redis }: ReadStore, keys: LedgerKeys): Promise<readonly unknown[]> {
  const reading: ChainableCommander = redis
    .multi()
    .hmget(keys.run, 'state', 'shards', 'planName')
    .llen(keys.plan)
    .hkeys(keys.tables)
    .hlen(keys.shards)
    .hmget(keys.totals, 'all:shards', ...HELD_OR_DONE.map((name) => `all:${name}`))
    .type(keys.open)
    .type(keys.failures)
    .hlen(keys.known)
    .hget(keys.totals, 'all:kept')
    .type(keys.groups);
  const answers = await reading.exec().catch((error: unknown) => {
    throw redisFault(error);
  });
  return (answers ?? []).map(([error, answer]) => {
    if (!error) return answer;
    const fault = redisFault(error);
    if (fault.code !== 'RUN_UNREADABLE') throw fault;
    return undefined;
  });
}

function sumsOf(totals: readonly (string | null)[]): { readonly shards: number; readonly held: number } {
  const [shards = 0, ...held] = totals.map(Number);
  return { shards, held: held.reduce((sum, count) => sum + count, 0) };
}

function namedPlan(names: unknown, planName: string): string[] {
  if (names === undefined) return [otherType('the tables of the plan')];
  return (names as readonly string[]).includes(planName) ? [] : [LOST_TABLES];
}

/** Resolved ones are there and not counted. */
function knownDamage(known: unknown, kept: unknown): string[] {
  if (known === undefined) return [otherType(KNOWN)];
  const missing = Number(kept ?? 0) - Number(known);
  return missing > 0 ? [`${KNOWN} (${known} of ${kept} are there)`] : [];
}

const KNOWN = 'the known differences';

function unlessType(part: string, found: unknown, expected: string): string[] {
  return found === expected || found === 'none' ? [] : [otherType(part)];
}

function otherType(part: string): string {
  return `${part} (its key holds something else)`;
}
