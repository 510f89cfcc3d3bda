/**
 * Finds the rows behind a digest that differs. The range is divided into parts of about as many keys, all of which are
 * digested by one statement a side; what differs is divided again until it is cheaper to read. Where most parts differ,
 * the whole range is read: digests would be made of rows that are read all the same.
 */
import type { KeyRange, KeyTuple } from '@rowparity/contracts';
import { evenKeys } from '../keys/evenKeys.ts';
import { axisOf, isSameKey } from '../keys/keyOrder.ts';
import { mapSides, type Sides } from '../sides/sides.ts';
import { type DigestDeps, digestsOf, isSameDigest, type Step } from './rangeDigests.ts';

/** Of a page's rows those that are cheaper to read than to digest once more. */
const EXACT_SHARE = 1 / 32;
/** Of a range of eight pages two divisions leave no more rows than that. */
const PARTS = 16;
/** Divisions of divisions: sixteen leave one integer. Where keys do not divide rows, all of them are read. */
const DEPTH_MAX = 20;
/** Where a server counts keys it reads them from the beginning of the range for each: fewer parts. */
const COUNTED_PARTS = 8;

export async function* narrowRange(
  range: KeyRange,
  rows: Sides<number>,
  deps: DigestDeps,
): AsyncGenerator<Step, void, void> {
  yield* narrowed({ range, rows, isSkewed: false, depth: 0 }, deps);
}

interface Differing {
  readonly range: KeyRange;
  readonly rows: Sides<number>;
  /** Most rows of the range before are in this part: its keys lie unevenly. */
  readonly isSkewed: boolean;
  readonly depth: number;
}

async function* narrowed(differing: Differing, deps: DigestDeps): AsyncGenerator<Step, void, void> {
  const { range, rows, depth } = differing;
  const isWorthIt = most(rows) > EXACT_SHARE * deps.pageRows && depth < DEPTH_MAX;
  const cuts = isWorthIt ? await cutsOf(differing, deps) : [];
  const parts = cuts.length > 0 ? await partsAt(cuts, range, deps) : [];
  const differ = parts.filter(({ isEqual }) => !isEqual).length;
  if (parts.length === 0 || differ > parts.length / 2) {
    for await (const pair of deps.readPages(range)) yield { kind: 'pages', pair };
    return;
  }
  for (const part of parts) {
    if (part.isEqual) yield { kind: 'equal', range: part.range, rows: part.rows };
    else yield* narrowed({ ...part, isSkewed: most(part.rows) > most(rows) / 2, depth: depth + 1 }, deps);
  }
}

async function partsAt(cuts: readonly KeyTuple[], { after, upTo }: KeyRange, deps: DigestDeps) {
  const ends = [...cuts, upTo];
  const ranges = ends.map((end, i) => ({ after: i === 0 ? after : (ends[i - 1] ?? null), upTo: end }));
  const digests = await digestsOf(ranges, deps);
  return digests.map((both, i) => ({
    range: ranges[i] as KeyRange,
    rows: mapSides(both, (digest) => digest.rows),
    isEqual: isSameDigest(both),
  }));
}

/** Inside the range, in order; none when it cannot be divided. */
async function cutsOf({ range, rows, isSkewed }: Differing, deps: DigestDeps): Promise<readonly KeyTuple[]> {
  const even = isSkewed ? [] : evenCuts(range, deps);
  if (even.length > 0) return even;
  const side = rows.base >= rows.target ? 'base' : 'target';
  const counted = { rows: Math.ceil(rows[side] / COUNTED_PARTS), keys: COUNTED_PARTS - 1 };
  const keys = await deps.readers[side].keysBehind(range, counted, deps.signal);
  return keys.filter((key) => !isSameKey(key, range.upTo));
}

/**
 * By arithmetic alone, where the key begins with an integer and both ends are known. Other kinds have values that are
 * no place on an axis, such as a date that no calendar has.
 */
function evenCuts({ after, upTo }: KeyRange, { plan }: DigestDeps): readonly KeyTuple[] {
  const kind = plan.key[0]?.kind;
  const axis = kind === 'integer' ? axisOf(kind) : undefined;
  const [from, to] = [after?.[0], upTo?.[0]];
  if (!axis || from === undefined || to === undefined) return [];
  const keys = evenKeys(axis, { from: axis.position(from), to: axis.position(to), parts: PARTS });
  return keys.map(({ value }) => [value]);
}

function most({ base, target }: Sides<number>): number {
  return Math.max(base, target);
}
