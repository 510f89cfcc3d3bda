/**
 * Cuts the key space of a table pair into shards of about the wanted size, in O(shards) questions and never by
 * reading rows. A range is split evenly on the axis of the key's first column, the optimizer estimates each piece
 * on both sides, and pieces that are still too large are split again: gaps and skew cost a few more questions and
 * make no giant shards. Small neighbours are joined. The first shard has no lower bound, the last no upper one, so
 * the shards tile (−∞, +∞) with any estimates (law 2).
 *
 * For large ranges the estimate is capped at about half the table, so a large piece is always split. Small ranges are
 * exact or nearly so (measured; see docs/planning.md).
 */
import type { KeyRange } from '@rowparity/contracts';
import { atMost } from '../../catalogs/atMost.ts';
import type { KeyAxis } from '../../keys/keyOrder.ts';
import { joinSmall } from './joinSmall.ts';
import { Questions } from './questions.ts';

/** Pieces that one split makes: eight keeps the questions at about 8/7 a shard. */
const SPLIT_WAYS = 8n;
/** A piece up to this many times the wanted size is left as it is. */
const OVERSIZE = 1.5;
/** Questions asked at once: enough to hide a round trip, few enough to go unnoticed on a production server. */
const QUESTIONS_AT_ONCE = 8;

export interface CutInput {
  readonly axis: KeyAxis;
  /** Smallest and largest position on either side. */
  readonly min: bigint;
  readonly max: bigint;
  readonly wantedRows: number;
  /** Estimated rows with after < key <= upTo on the side that has more. */
  estimate(range: KeyRange): Promise<number>;
}

interface Cutting extends CutInput {
  readonly questions: Questions;
}

interface Piece {
  /** Positions: after < position <= upTo. */
  readonly after: bigint;
  readonly upTo: bigint;
  readonly rows: number;
}

export interface MeasuredRange extends KeyRange {
  /** Estimated rows. */
  readonly rows: number;
}

/** Ranges in order, tiling (−∞, +∞). At least one. One value of the first column may make a range too large. */
export async function cutRange(asked: CutInput): Promise<MeasuredRange[]> {
  const ask = atMost(QUESTIONS_AT_ONCE, asked.estimate);
  const rows = await ask({ after: null, upTo: [asked.axis.value(asked.max)] });
  const questions = new Questions(ask, { shards: rows / asked.wantedRows });
  const request: Cutting = { ...asked, questions };
  const whole = { after: request.min - 1n, upTo: request.max, rows };
  const split = await splitAll(request, [whole]);
  const leaves = joinSmall(
    questions.areSpent ? evenly(whole, waysFor(whole, request)) : split,
    request.wantedRows,
  );
  return leaves.map((leaf, i) => ({
    after: i === 0 ? null : [request.axis.value((leaves[i - 1] as Piece).upTo)],
    upTo: i === leaves.length - 1 ? null : [request.axis.value(leaf.upTo)],
    rows: leaf.rows,
  }));
}

async function splitAll(request: Cutting, pieces: readonly Piece[]): Promise<Piece[]> {
  const parts = await Promise.all(
    pieces.map((piece) => (isSmall(request, piece) ? [piece] : splitOne(request, piece))),
  );
  return parts.flat();
}

async function splitOne(request: Cutting, piece: Piece): Promise<Piece[]> {
  if (request.questions.areSpent) return [piece];
  return splitAll(request, await measure(request, evenly(piece, SPLIT_WAYS)));
}

function isSmall(request: CutInput, piece: Piece): boolean {
  return piece.rows <= request.wantedRows * OVERSIZE || piece.upTo - piece.after <= 1n;
}

/** Where the parts have no estimates, as many as the size of the whole requires. */
function waysFor({ rows }: Piece, { wantedRows }: CutInput): bigint {
  return BigInt(Math.max(1, Math.ceil(rows / wantedRows)));
}

function evenly(piece: Piece, waysMax: bigint): Piece[] {
  const width = piece.upTo - piece.after;
  const ways = width < waysMax ? width : waysMax;
  return Array.from({ length: Number(ways) }, (_, i) => ({
    after: piece.after + (width * BigInt(i)) / ways,
    upTo: piece.after + (width * BigInt(i + 1)) / ways,
    rows: piece.rows / Number(ways),
  }));
}

/** Asks for the rows of every piece. Below the smallest key there is nothing, and some kinds have no value there. */
function measure(request: Cutting, pieces: readonly Piece[]): Promise<Piece[]> {
  return Promise.all(
    pieces.map(async (piece) => {
      const after = piece.after < request.min ? null : [request.axis.value(piece.after)];
      const rows = await request.questions.estimate({ after, upTo: [request.axis.value(piece.upTo)] });
      return { ...piece, rows };
    }),
  );
}
