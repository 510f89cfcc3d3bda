/** How a candidate ends by a look, or that it does not. */
import type { DifferenceCause, InconsistencyType } from '@rowparity/contracts';
import type { Sides } from '../sides/sides.ts';
import type { Fenced, WaitingCandidate } from './candidateQueue.ts';
import type { Evidence } from './evidence.ts';
import type { Different, SeenReading } from './recheckRound.ts';

/** A candidate that is still different after a look, and what is known of it now. */
export interface DifferentLook {
  readonly waiting: WaitingCandidate;
  readonly finding: Different;
  readonly evidence: Evidence;
  readonly end: 'confirmed' | 'unstable' | 'open';
  /** Those of the event; absent: all that differ. */
  readonly columns?: readonly string[];
  readonly fenced?: Fenced;
}

export interface ConvergedLook {
  readonly waiting: WaitingCandidate;
  /** When one side was first seen with what both have now; undefined where no look saw that. */
  readonly sinceMs: number | undefined;
}

interface EqualLook extends ConvergedLook {
  readonly end: 'equal';
  /** No side has a row. */
  readonly isAbsent: boolean;
}

/** No look saw both sides equal. */
interface FollowingLook extends ConvergedLook {
  readonly end: 'follows';
}

/** A candidate after a look: how it ends, or that it does not. */
export type Looked =
  | { readonly waiting: WaitingCandidate; readonly end: 'duplicate' }
  | EqualLook
  | FollowingLook
  | DifferentLook;

export function typeOf(now: Sides<SeenReading | null>): InconsistencyType {
  if (now.target === null) return 'target_missing';
  return now.base === null ? 'base_missing' : 'neq';
}

/** By the name of the column on the base. */
export function causesOf({ columns }: Different): ReadonlyMap<string, DifferenceCause> {
  return new Map(columns.flatMap(({ name, cause }) => (cause ? [[name, cause]] : [])));
}
