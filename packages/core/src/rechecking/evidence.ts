/**
 * What is known of a candidate after some looks, and whether it is enough to end it. A difference ends by evidence:
 * it stood still, or one thing about it stayed the same while the rest changed. Pure.
 */
import type { KeyTuple } from '@rowparity/contracts';
import type { Mark } from '../ports/replicationPosition.ts';
import { isSameSeen } from '../rows/seenRow.ts';
import { SIDES, type Side, type Sides } from '../sides/sides.ts';
import type { Different, SeenReading } from './recheckRound.ts';

/** Looks at which a column, or the absence of a row, must stay the same while other things change. */
const CONSTANT_LOOKS = 5;
/** Columns whose values are followed; of a row with more that differ, the first ones. */
const COLUMNS_FOLLOWED = 32;

export interface Evidence {
  /** Looks so far, the first sight left out. */
  readonly looks: number;
  readonly foundAtMs: number;
  /** Looks in a row without a change on either side, and since when. */
  readonly stillLooks: number;
  readonly stillSinceMs: number;
  /** Digests of the base row, one for each version that was seen. */
  readonly baseVersions: readonly string[];
  /** The side that had no row at any sight. */
  readonly missing: Side | undefined;
  /** Columns that differed by the same two values at every look; undefined before the first one with both rows. */
  readonly columns: ReadonlyMap<string, string> | undefined;
  /** Where the upstream stood after it was seen unchanged for the second time; again after each change. */
  readonly stillMark: Mark | undefined;
  /** The same, of the first time. */
  readonly firstMark: Mark | undefined;
}

export interface EvidenceNeeded {
  readonly looks: number;
  readonly stillMs: number;
}

export type Judgement =
  | { readonly kind: 'converged' }
  /** `columns`: those that count for the event; `mark`: the downstream must have passed it before this look. */
  | {
      readonly kind: 'enough';
      readonly columns: readonly string[];
      readonly mark: 'stillMark' | 'firstMark';
    }
  | { readonly kind: 'more' };

export function evidenceAtSight(seen: Sides<SeenReading['seen'] | null>, nowMs: number): Evidence {
  const missing = SIDES.find((side) => seen[side] === null);
  return {
    looks: 0,
    foundAtMs: nowMs,
    stillLooks: 0,
    stillSinceMs: nowMs,
    baseVersions: seen.base ? [seen.base.digest] : [],
    missing,
    columns: undefined,
    stillMark: undefined,
    firstMark: undefined,
  };
}

export interface LookInput {
  /** What was seen at the look before. */
  readonly before: Sides<SeenReading['seen'] | null>;
  readonly now: Different;
  readonly nowMs: number;
  /** Side of which a change makes a mark void: the one that replication reads from. */
  readonly upstream: Side | undefined;
}

export function addLook(evidence: Evidence, { before, now, nowMs, upstream }: LookInput): Evidence {
  const seen = { base: now.now.base?.seen ?? null, target: now.now.target?.seen ?? null };
  const isUpstreamStill = upstream === undefined || now.isStill[upstream];
  const isStill = now.isStill.base && now.isStill.target;
  const { missing } = evidence;
  const version = seen.base?.digest;
  const isNewVersion = version !== undefined && !evidence.baseVersions.includes(version);
  return {
    looks: evidence.looks + 1,
    foundAtMs: evidence.foundAtMs,
    stillLooks: isStill ? evidence.stillLooks + 1 : 0,
    stillSinceMs: isStill ? evidence.stillSinceMs : nowMs,
    baseVersions: isNewVersion ? [...evidence.baseVersions, version] : evidence.baseVersions,
    missing: missing && seen[missing] === null && before[missing] === null ? missing : undefined,
    columns: followed(evidence.columns, now),
    stillMark: isUpstreamStill ? evidence.stillMark : undefined,
    firstMark: evidence.firstMark,
  };
}

function followed(columns: Evidence['columns'], { now, columns: differing }: Different): Evidence['columns'] {
  if (!now.base || !now.target) return new Map();
  if (!columns)
    return new Map(differing.slice(0, COLUMNS_FOLLOWED).map(({ name, values }) => [name, values]));
  const values = new Map(differing.map((column) => [column.name, column.values]));
  return new Map([...columns].filter(([name, digest]) => values.get(name) === digest));
}

export function judge(evidence: Evidence, look: LookInput, needed: EvidenceNeeded): Judgement {
  const { now, nowMs, before } = look;
  if (followsBase(evidence, now, before)) return { kind: 'converged' };
  const names = now.columns.map(({ name }) => name);
  const isLongEnough = (sinceMs: number) => nowMs - sinceMs >= needed.stillMs;
  if (evidence.stillLooks >= needed.looks && isLongEnough(evidence.stillSinceMs)) {
    return { kind: 'enough', columns: names, mark: 'stillMark' };
  }
  if (evidence.looks < Math.max(needed.looks, CONSTANT_LOOKS) || !isLongEnough(evidence.foundAtMs)) {
    return { kind: 'more' };
  }
  if (evidence.missing) return { kind: 'enough', columns: names, mark: 'firstMark' };
  const constant = [...(evidence.columns?.keys() ?? [])];
  return constant.length > 0 ? { kind: 'enough', columns: constant, mark: 'firstMark' } : { kind: 'more' };
}

/** The target moved to a version that the base had at an earlier look: it follows, some time behind. */
function followsBase(
  { baseVersions }: Evidence,
  { now }: Different,
  before: Sides<SeenReading['seen'] | null>,
): boolean {
  const target = now.target?.seen ?? null;
  if (target === null || isSameSeen(target, before.target)) return false;
  return baseVersions.includes(target.digest);
}

/** The key as the base spells it now. */
export function keyOf({ now }: Different, key: KeyTuple): KeyTuple {
  return now.base?.key ?? key;
}
