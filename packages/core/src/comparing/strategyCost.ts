/**
 * What a strategy costs, learnt from parts of a range of different sizes: so many milliseconds a part, and so many a
 * row. Over a link with a long round trip a small part costs mostly the first, and says little of a large one.
 */

/** Of the newest part in what a row costs: a link may change. */
const NEWEST_SHARE = 0.5;

export interface MeasuredPart {
  readonly rows: number;
  readonly ms: number;
}

export class StrategyCost {
  #first: MeasuredPart | undefined;
  /** Undefined before the second part. */
  #learnt: { readonly partMs: number; readonly rowMs: number } | undefined;

  learn(part: MeasuredPart): void {
    if (part.rows === 0) return;
    const first = this.#first;
    if (!first) {
      this.#first = part;
      return;
    }
    const known = this.#learnt;
    if (!known) {
      this.#learnt = lineThrough(first, part);
      return;
    }
    const rowMs = Math.max(0, part.ms - known.partMs) / part.rows;
    this.#learnt = { ...known, rowMs: NEWEST_SHARE * rowMs + (1 - NEWEST_SHARE) * known.rowMs };
  }

  /** Of a part of so many rows; `Infinity` before two parts were measured. */
  msOf(rows: number): number {
    return this.#learnt ? this.#learnt.partMs + this.#learnt.rowMs * rows : Number.POSITIVE_INFINITY;
  }
}

/** Where the larger part took less time than the smaller one, nothing is known of what a part costs by itself. */
function lineThrough(a: MeasuredPart, b: MeasuredPart): { readonly partMs: number; readonly rowMs: number } {
  const [small, large] = a.rows <= b.rows ? [a, b] : [b, a];
  const rowMs = (large.ms - small.ms) / (large.rows - small.rows);
  if (large.rows === small.rows || rowMs <= 0) return { partMs: 0, rowMs: large.ms / large.rows };
  return { partMs: Math.max(0, small.ms - rowMs * small.rows), rowMs };
}
