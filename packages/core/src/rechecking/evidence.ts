/**
 * What is known of a candidate after some looks, and whether it is enough to end it. A difference ends by evidence:
 * it stood still, or one thing about it stayed the same while the rest changed. Pure.
 */
import type { KeyTuple } from '@rowparity/contracts';
import type { Mark } from '../ports/replicationPosition.ts';
import { isSameSeen } from '../rows/seenRow.ts';
import { mapSides, SIDES, type Side, type Sides } from '../sides/sides.ts';
import type { Different, SeenReading } from './recheckRound.ts';

/** Looks at which a column, or the absence of a row, must stay the same while other things change. */
const CONSTANT_LOOKS = 5;
/** Columns whose values are followed; of a row with more that differ, the first ones. */
const COLUMNS_FOLLOWED = 32;

export interface Evidence {
  /** Looks that count so far: neither the first sight nor the early looks, which only measure the lag. */
  readonly looks: number;
  readonly earlyLooks: number;
  readonly foundAtMs: number;
  /** Time of the last look. */
  readonly lookedAtMs: number;
  /** Looks in a row without a change on either side. */
  readonly stillLooks: number;
  /** Since when each side has been seen as it is. */
  readonly stillSinceMs: Sides<number>;
  /** Of each side's row, the newest first; undefined while no row was seen. */
  readonly versions: Sides<Version | undefined>;
  /** A side came back to a version that it had left. */
  readonly hasReturned: boolean;
  /** The side that had no row at any sight. */
  readonly missing: Side | undefined;
  /** Columns that differed by the same two values at every look; undefined before the first one with both rows. */
  readonly columns: ReadonlyMap<string, string> | undefined;
  /** Where the upstream stood after the last look, and whether that look saw its row unchanged. */
  readonly mark: Mark | undefined;
  readonly isMarkOfStill: boolean;
  /**
   * Looks before which the downstream had passed the mark of the look before: what they saw downstream holds all that
   * the look before saw upstream.
   */
  readonly fencedLooks: number;
  /** Such looks in a row at which the upstream's row was as before. */
  readonly fencedStillLooks: number;
}

/** A list and not a map: there are few, and most candidates have one. */
interface Version {
  readonly digest: string;
  /** When it came. */
  readonly sinceMs: number;
  readonly before: Version | undefined;
}

/** When this version came, the last time; undefined where it was never seen. */
function sinceOf(versions: Version | undefined, digest: string | undefined): number | undefined {
  for (let version = versions; version; version = version.before) {
    if (version.digest === digest) return version.sinceMs;
  }
  return undefined;
}

export interface EvidenceNeeded {
  readonly looks: number;
  /** Behind a fence; 0 without one. */
  readonly fencedLooks: number;
  readonly stillMs: number;
}

export type Judgement =
  | { readonly kind: 'converged' }
  /** `columns`: those that count for the event. */
  | { readonly kind: 'enough'; readonly columns: readonly string[] }
  /** Enough, but for looks behind the fence: the downstream must pass the mark of this look before the next one. */
  | { readonly kind: 'fence' }
  /** Enough, but not for long enough yet. */
  | { readonly kind: 'time' }
  | { readonly kind: 'more' };

export function evidenceAtSight(seen: SeenSides, nowMs: number): Evidence {
  return {
    looks: 0,
    earlyLooks: 0,
    foundAtMs: nowMs,
    lookedAtMs: nowMs,
    stillLooks: 0,
    stillSinceMs: { base: nowMs, target: nowMs },
    versions: firstVersions(seen, nowMs),
    hasReturned: false,
    missing: missingOf(seen),
    columns: undefined,
    mark: undefined,
    isMarkOfStill: false,
    fencedLooks: 0,
    fencedStillLooks: 0,
  };
}

type SeenSides = Sides<SeenReading['seen'] | null>;

function missingOf({ base, target }: SeenSides): Side | undefined {
  if (base === null) return 'base';
  return target === null ? 'target' : undefined;
}

function firstVersions({ base, target }: SeenSides, sinceMs: number): Evidence['versions'] {
  return {
    base: base ? { digest: base.digest, sinceMs, before: undefined } : undefined,
    target: target ? { digest: target.digest, sinceMs, before: undefined } : undefined,
  };
}

export interface LookInput {
  /** What was seen at the look before. */
  readonly before: SeenSides;
  readonly now: Different;
  /** The look is so soon after the first sight that a row which looks still says nothing. */
  readonly isEarly: boolean;
  readonly nowMs: number;
  /** Side of which a change makes a mark void: the one that replication reads from. */
  readonly upstream: Side | undefined;
  /** Before this look the downstream had passed the mark of the look before. */
  readonly isFenced: boolean;
  /** Taken after this look. */
  readonly mark: Mark | undefined;
}

export function addLook(evidence: Evidence, look: LookInput): Evidence {
  const { before, now, nowMs, upstream } = look;
  const seen = seenIn(now);
  const { missing, versions } = evidence;
  const isReturn = (side: Side) =>
    !now.isStill[side] && sinceOf(versions[side], seen[side]?.digest) !== undefined;
  const isStill = now.isStill.base && now.isStill.target;
  const isUpstreamStill = upstream === undefined || now.isStill[upstream];
  return {
    ...counted(evidence, { ...look, isStill, isUpstreamStill }),
    stillSinceMs: mapSides(evidence.stillSinceMs, (sinceMs, side) => (now.isStill[side] ? sinceMs : nowMs)),
    versions: mapSides(versions, (before, side) => {
      const digest = seen[side]?.digest;
      return digest === undefined || now.isStill[side] ? before : { digest, sinceMs: nowMs, before };
    }),
    hasReturned: evidence.hasReturned || SIDES.some(isReturn),
    missing: missing && seen[missing] === null && before[missing] === null ? missing : undefined,
    columns: followed(evidence.columns, now),
  };
}

interface Counted extends Pick<LookInput, 'isEarly' | 'nowMs' | 'isFenced' | 'mark'> {
  readonly isStill: boolean;
  readonly isUpstreamStill: boolean;
}

function counted(evidence: Evidence, look: Counted): Evidence {
  const { isEarly, nowMs, isFenced, mark, isStill, isUpstreamStill } = look;
  const count = isEarly ? 0 : 1;
  return {
    ...evidence,
    looks: evidence.looks + count,
    earlyLooks: evidence.earlyLooks + 1 - count,
    lookedAtMs: nowMs,
    stillLooks: isStill ? evidence.stillLooks + count : 0,
    mark,
    isMarkOfStill: isUpstreamStill,
    fencedLooks: evidence.fencedLooks + (isFenced ? 1 : 0),
    // A mark counts for what was seen twice alike: the first sight may show what the position does not have yet.
    fencedStillLooks: isUpstreamStill
      ? evidence.fencedStillLooks + (isFenced && evidence.isMarkOfStill ? 1 : 0)
      : 0,
  };
}

const NO_COLUMNS: ReadonlyMap<string, string> = new Map();

/** What many rows share that were seen together and have stood still since; nothing of one row is in it. */
export function sharedEvidence(nowMs: number): Evidence {
  return evidenceAtSight({ base: null, target: null }, nowMs);
}

export function addStillLook(
  shared: Evidence,
  look: Pick<LookInput, 'nowMs' | 'isFenced' | 'mark'>,
): Evidence {
  return counted(shared, { ...look, isEarly: false, isStill: true, isUpstreamStill: true });
}

/** Of one of the rows, which stood still at every look. The values of its columns are not known any more. */
export function stillEvidence(shared: Evidence, seen: SeenSides): Evidence {
  const versions = firstVersions(seen, shared.foundAtMs);
  return { ...shared, versions, missing: missingOf(seen), columns: NO_COLUMNS };
}

/** Of one of the rows, which has moved since the last look: from there its looks are counted anew. */
export function movedEvidence(shared: Evidence, seen: SeenSides): Evidence {
  const { earlyLooks, lookedAtMs, mark } = shared;
  return { ...evidenceAtSight(seen, shared.foundAtMs), earlyLooks, lookedAtMs, mark };
}

function followed(columns: Evidence['columns'], { now, columns: differing }: Different): Evidence['columns'] {
  if (!now.base || !now.target) return new Map();
  if (!columns)
    return new Map(differing.slice(0, COLUMNS_FOLLOWED).map(({ name, values }) => [name, values]));
  if (columns.size === 0) return columns;
  const values = new Map(differing.map((column) => [column.name, column.values]));
  return new Map([...columns].filter(([name, digest]) => values.get(name) === digest));
}

export function judge(evidence: Evidence, look: LookInput, needed: EvidenceNeeded): Judgement {
  const { now, nowMs } = look;
  if (followedSinceMs(evidence, look) !== undefined) return { kind: 'converged' };
  const names = now.columns.map(({ name }) => name);
  const still = judgeStill(evidence, nowMs, needed);
  if (still === 'enough') return { kind: 'enough', columns: names };
  const constant = evidence.missing ? names : [...(evidence.columns?.keys() ?? [])];
  const isConstant =
    evidence.looks >= Math.max(needed.looks, CONSTANT_LOOKS) &&
    (evidence.missing !== undefined || constant.length > 0);
  const isLongConstant = isConstant && nowMs - evidence.foundAtMs >= needed.stillMs;
  if (isLongConstant && evidence.fencedLooks >= needed.fencedLooks) {
    return { kind: 'enough', columns: constant };
  }
  if (still === 'fence' || isLongConstant) return { kind: 'fence' };
  return { kind: still === 'time' || isConstant ? 'time' : 'more' };
}

/** The same by standing still alone. */
export function judgeStill(
  { stillLooks, stillSinceMs, fencedStillLooks }: Evidence,
  nowMs: number,
  needed: EvidenceNeeded,
): Exclude<Judgement['kind'], 'converged'> {
  if (stillLooks < needed.looks) return 'more';
  if (nowMs - Math.max(stillSinceMs.base, stillSinceMs.target) < needed.stillMs) return 'time';
  return fencedStillLooks >= needed.fencedLooks ? 'enough' : 'fence';
}

/**
 * Milliseconds that the side that is behind took to come to what the other one showed before; undefined where no look
 * saw that. It came at some time between the last two looks; the middle of them is taken.
 */
export function convergenceMs(
  evidence: Evidence,
  { sinceMs, nowMs }: { readonly sinceMs: number | undefined; readonly nowMs: number },
): number | undefined {
  return sinceMs === undefined ? undefined : Math.max(0, (evidence.lookedAtMs + nowMs) / 2 - sinceMs);
}

/**
 * Both sides are equal now: since when the one that has not changed was seen like that. Undefined where both have
 * changed, or a side was seen to return to an earlier version: then it may have changed unseen, too.
 */
export function equalSinceMs(
  { stillSinceMs, hasReturned }: Evidence,
  isStill: Sides<boolean>,
): number | undefined {
  if (hasReturned) return undefined;
  const sinceMs = SIDES.filter((side) => isStill[side]).map((side) => stillSinceMs[side]);
  return sinceMs.length === 0 ? undefined : Math.min(...sinceMs);
}

/**
 * One side moved to a version that the other one had at an earlier look, and lacks the one that the other has now: it
 * follows, some time behind. A value that toggles moves to earlier versions on both sides at once; that is no
 * following. Gives the time when the other side came to that version; undefined if neither follows.
 */
export function followedSinceMs(
  { versions }: Evidence,
  { now, before }: Pick<LookInput, 'now' | 'before'>,
): number | undefined {
  const seen = seenIn(now);
  for (const side of SIDES) {
    const other = side === 'base' ? 'target' : 'base';
    const row = seen[side];
    if (row === null || isSameSeen(row, before[side])) continue;
    const ahead = seen[other]?.digest;
    if (sinceOf(versions[side], ahead) !== undefined) continue;
    const sinceMs = sinceOf(versions[other], row.digest);
    if (sinceMs !== undefined) return sinceMs;
  }
  return undefined;
}

function seenIn({ now }: Different): SeenSides {
  return mapSides(now, (reading) => reading?.seen ?? null);
}

/** The key as the base spells it now. */
export function keyOf({ now }: Different, key: KeyTuple): KeyTuple {
  return now.base?.key ?? key;
}
