/**
 * Cuts the rest of a shard that turned out too large, by its actual rows: the optimizer's estimates made it too large.
 * The axis of the key's first column is divided evenly, and each piece is checked for enough rows. If only one piece
 * has enough, that piece is divided again, so gaps and skew cost questions and make no empty shards. Without an axis,
 * or when few rows are left, rows are counted off.
 */
import type { KeyKind, KeyRange, KeyTuple } from '@rowparity/contracts';
import { evenKeys } from '../keys/evenKeys.ts';
import { axisOf, isSameKey, type KeyAxis } from '../keys/keyOrder.ts';

/** Pieces that one cut makes at most: few, so that repeated cuts grow only with the rows. */
const PIECES_MAX = 8;
/** Pieces that are counted off have this many times the wanted rows: few enough not to be cut again. */
const COUNTED_FACTOR = 2;

export interface RestInput {
  /** Begins at a key. */
  readonly range: KeyRange & { readonly after: KeyTuple };
  /** Of the key's first column. */
  readonly kind: KeyKind;
  /** Rows that are worth a shard. */
  readonly wantedRows: number;
  /** The key `rows` rows behind the beginning of a range; undefined when it has fewer. */
  keyBehind(range: KeyRange, rows: number): Promise<KeyTuple | undefined>;
  /** The last keys of a range on the sides that have any. */
  lastKeys(range: KeyRange): Promise<readonly KeyTuple[]>;
}

/** A part of the rest, with the positions of its ends. */
interface Stretch {
  readonly range: KeyRange;
  readonly from: bigint;
  readonly to: bigint;
}

/** Keys inside the range, each behind the one before; none when the rest is not worth dividing. */
export async function cutRest(request: RestInput): Promise<KeyTuple[]> {
  const axis = axisOf(request.kind);
  const cuts = axis ? await cutEvenly(request, axis, await wholeOf(request, axis)) : [];
  return cuts.length > 0 ? cuts : countOff(request);
}

async function wholeOf({ range, lastKeys }: RestInput, axis: KeyAxis): Promise<Stretch> {
  const ends = range.upTo ? [range.upTo] : await lastKeys(range);
  const from = axis.position(range.after[0] as string);
  const positions = ends.map(([first]) => axis.position(first as string));
  return { range, from, to: positions.reduce(greater, from) };
}

function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

async function cutEvenly(request: RestInput, axis: KeyAxis, stretch: Stretch): Promise<KeyTuple[]> {
  const pieces = evenPieces(axis, stretch);
  if (pieces.length === 1) return [];
  const large: Stretch[] = [];
  for (const piece of pieces) {
    if (await request.keyBehind(piece.range, request.wantedRows)) large.push(piece);
  }
  const [only] = large;
  if (only && large.length === 1) return cutEvenly(request, axis, only);
  return large.slice(0, -1).map(({ range }) => range.upTo as KeyTuple);
}

/** As many as there are positions that have a value of their own, up to the limit. */
function evenPieces(axis: KeyAxis, { range, from, to }: Stretch): Stretch[] {
  const pieces: Stretch[] = [];
  let [after, last] = [range.after, from];
  for (const { value, position } of evenKeys(axis, { from, to, parts: PIECES_MAX })) {
    pieces.push({ range: { after, upTo: [value] }, from: last, to: position });
    [after, last] = [[value], position];
  }
  return [...pieces, { range: { after, upTo: range.upTo }, from: last, to }];
}

async function countOff({ range, wantedRows, keyBehind }: RestInput): Promise<KeyTuple[]> {
  const cuts: KeyTuple[] = [];
  while (cuts.length < PIECES_MAX - 1) {
    const after: KeyTuple = cuts.at(-1) ?? range.after;
    const next = await keyBehind({ after, upTo: range.upTo }, COUNTED_FACTOR * wantedRows);
    if (next === undefined || isSameKey(next, range.upTo)) break;
    cuts.push(next);
  }
  return cuts;
}
