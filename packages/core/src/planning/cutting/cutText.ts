/**
 * Cuts the key space of a key whose first column is text. There is no arithmetic on a collation, so a guess between
 * two keys is made from their characters, and the server answers with the first real key behind it: every boundary
 * is a key that the server gave from inside the range, so the shards are in the server's order under every
 * collation. Questions are O(shards); where guesses lead nowhere, keys are stepped over by count.
 */
import type { KeyRange, KeyTuple } from '@rowparity/contracts';
import { isSameKey } from '../../keys/keyOrder.ts';
import { joinSmall } from './joinSmall.ts';
import { Questions } from './questions.ts';

/** Guesses for one split. */
const SPLIT_WAYS = 8;
/** A piece up to this many times the wanted size is left as it is. */
const OVERSIZE = 1.5;
/** Characters behind the common beginning that make a guess; with 95 printable ones, 53 bits. */
const GUESS_CHARS = 8;
const FIRST_PRINTABLE = 0x20;
const PRINTABLE = 95;

export interface TextInput {
  readonly min: KeyTuple;
  readonly max: KeyTuple;
  readonly wantedRows: number;
  /** Estimated rows of a range on the side that has more. */
  estimate(range: KeyRange): Promise<number>;
  /** The first key in the range whose first column is not before `from`, in the server's order. */
  keyFrom(range: KeyRange, from: string): Promise<KeyTuple | undefined>;
  /** The key `rows` rows behind the beginning of the range; undefined when it has fewer. */
  keyBehind(range: KeyRange, rows: number): Promise<KeyTuple | undefined>;
}

interface TextCutting extends TextInput {
  readonly questions: Questions;
}

interface Piece extends KeyRange {
  readonly rows: number;
}

/** Ranges in the server's order, tiling everything. At least one. */
export async function cutText(request: TextInput): Promise<KeyRange[]> {
  const whole = { after: null, upTo: null };
  const rows = await request.estimate(whole);
  const questions = new Questions(request.estimate, { shards: rows / request.wantedRows });
  const pieces = await split({ ...request, questions }, { ...whole, rows });
  return joinSmall<KeyTuple | null>(pieces, request.wantedRows).map(({ after, upTo }) => ({ after, upTo }));
}

async function split(request: TextCutting, piece: Piece): Promise<Piece[]> {
  if (piece.rows <= request.wantedRows * OVERSIZE) return [piece];
  if (request.questions.areSpent) return cutByCount(request, piece);
  const cuts = await guessCuts(request, piece);
  if (cuts.length === 0) return cutByCount(request, piece);
  const parts: Piece[] = [];
  for (const range of rangesWithin(piece, cuts)) {
    const part = { ...range, rows: await request.questions.estimate(range) };
    // If all guesses lead to the next key, splitting by them would cut off row by row.
    const isCounted = part.rows > request.wantedRows * OVERSIZE && !isNarrower(request, part, piece);
    parts.push(...(isCounted ? await cutByCount(request, part) : await split(request, part)));
  }
  return parts;
}

/** By its characters, by one guess at least. An even split would leave an eighth. */
function isNarrower(request: TextInput, part: KeyRange, whole: KeyRange): boolean {
  const [low, high] = endsOf(request, whole);
  const common = commonLength(low, high);
  const width = (stretch: KeyRange) => {
    const [from, to] = endsOf(request, stretch).map((text) => position(text.slice(common))) as [
      bigint,
      bigint,
    ];
    return to - from;
  };
  return BigInt(SPLIT_WAYS) * width(part) <= BigInt(SPLIT_WAYS - 1) * width(whole);
}

function endsOf({ min, max }: TextInput, { after, upTo }: KeyRange): [string, string] {
  return [(after ?? min)[0] as string, (upTo ?? max)[0] as string];
}

/** Real keys inside the piece, each behind the one before. Plain characters first, then without their case. */
async function guessCuts(request: TextInput, piece: Piece): Promise<KeyTuple[]> {
  const [low, high] = endsOf(request, piece);
  const end = piece.upTo ?? request.max;
  for (const spell of [(text: string) => text, (text: string) => text.toLowerCase()]) {
    const cuts: KeyTuple[] = [];
    for (const guess of guessesBetween(spell(low), spell(high))) {
      const after: KeyTuple | null = cuts.at(-1) ?? piece.after;
      const key = await request.keyFrom({ after, upTo: piece.upTo }, guess);
      if (key && !isSameKey(key, end)) cuts.push(key);
    }
    if (cuts.length > 0) return cuts;
  }
  return [];
}

/** Texts that lie evenly between two others by their characters' codes. */
function guessesBetween(low: string, high: string): string[] {
  const common = commonLength(low, high);
  const prefix = low.slice(0, common);
  const from = position(low.slice(common));
  const highEnd = position(high.slice(common));
  if (highEnd <= from) return [];
  return Array.from({ length: SPLIT_WAYS - 1 }, (_, i) => {
    const middle = from + ((highEnd - from) * BigInt(i + 1)) / BigInt(SPLIT_WAYS);
    return `${prefix}${textAt(middle)}`;
  });
}

function commonLength(low: string, high: string): number {
  let common = 0;
  while (common < low.length && common < high.length && low[common] === high[common]) common += 1;
  return common;
}

function position(text: string): bigint {
  let value = 0n;
  for (let i = 0; i < GUESS_CHARS; i += 1) {
    const code = i < text.length ? text.charCodeAt(i) - FIRST_PRINTABLE : 0;
    value = value * BigInt(PRINTABLE) + BigInt(Math.min(Math.max(code, 0), PRINTABLE - 1));
  }
  return value;
}

function textAt(position: bigint): string {
  let rest = position;
  let text = '';
  for (let i = 0; i < GUESS_CHARS; i += 1) {
    text = String.fromCharCode(Number(rest % BigInt(PRINTABLE)) + FIRST_PRINTABLE) + text;
    rest /= BigInt(PRINTABLE);
  }
  return text.trimEnd();
}

/** Steps over the keys of a piece that guesses cannot divide. Reads the index entries of this piece. */
export async function cutByCount(
  request: Pick<TextInput, 'wantedRows' | 'keyBehind'>,
  piece: KeyRange,
): Promise<Piece[]> {
  const cuts: KeyTuple[] = [];
  for (;;) {
    const after: KeyTuple | null = cuts.at(-1) ?? piece.after;
    const next = await request.keyBehind({ after, upTo: piece.upTo }, request.wantedRows);
    if (next === undefined || isSameKey(next, piece.upTo)) break;
    cuts.push(next);
  }
  return rangesWithin(piece, cuts).map((range) => ({ ...range, rows: request.wantedRows }));
}

function rangesWithin(piece: KeyRange, cuts: readonly KeyTuple[]): KeyRange[] {
  const ends = [...cuts, piece.upTo];
  return ends.map((upTo, i) => ({ after: i === 0 ? piece.after : (cuts[i - 1] as KeyTuple), upTo }));
}
