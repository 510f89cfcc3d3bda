/** Totals from the numbers that a store keeps under their names. */
import { COUNT_NAMES, type Counts, type KnownTotals } from '@rowparity/contracts';
import type { Pending, ShardTallies } from '../ports/ledger.ts';

export const NONE_PENDING: Pending = { rows: 0, candidates: 0 };
export const NONE_KNOWN: KnownTotals = { kept: 0, beyond: 0 };

/** What a store counts of the shards of a table pair; `planned` is what is left. */
export const STORED_TALLIES = [
  'shards',
  'running',
  'match',
  'differs',
  'inconclusive',
  'pendingRows',
  'pendingCandidates',
  'kept',
  'beyond',
] as const;
export type StoredTally = (typeof STORED_TALLIES)[number];

type NumberOf<Name extends string> = (name: Name) => number;

/** `planned` counts every shard that no attempt holds and that is not done. */
export function talliesFrom(numberOf: NumberOf<StoredTally>): ShardTallies {
  const held = {
    running: numberOf('running'),
    match: numberOf('match'),
    differs: numberOf('differs'),
    inconclusive: numberOf('inconclusive'),
  };
  const planned = numberOf('shards') - held.running - held.match - held.differs - held.inconclusive;
  return { planned, ...held };
}

export function pendingFrom(numberOf: NumberOf<StoredTally>): Pending {
  return {
    rows: Math.max(0, numberOf('pendingRows')),
    candidates: Math.max(0, numberOf('pendingCandidates')),
  };
}

export function countsFrom(numberOf: NumberOf<keyof Counts>): Counts {
  return Object.fromEntries(COUNT_NAMES.map((name) => [name, numberOf(name)])) as Counts;
}

/** For people: the part of a run that has fewer shards than it must have. Empty when none is missing. */
export function missingShards(part: string, found: number, expected: number): readonly string[] {
  return found < expected ? [`${part} (${found} of ${expected} shards are there)`] : [];
}

/** For people: a store has lost the plan of a planned run. */
export const LOST_TABLES = 'the tables of the plan (their record is gone)';
