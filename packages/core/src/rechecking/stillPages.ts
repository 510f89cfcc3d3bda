/**
 * Pages of which most rows differ, between two looks, and the look itself: the range is read again on both sides and
 * compared as a whole. Bounded in bytes.
 */
import type { TablePlan } from '@rowparity/contracts';
import { comparePage } from '../comparing/comparePage.ts';
import type { PageLimits, RowReader } from '../ports/rowSource.ts';
import { bothSides, mapSides, SIDES, type Sides } from '../sides/sides.ts';
import type { HoldInput } from './candidateQueue.ts';
import { digestOfPage } from './locateRows.ts';
import type { StillLook, StillPage } from './stillPage.ts';

/** Of one shard. Beyond it reading waits. */
const HELD_BYTES_MAX = 4 * 1024 * 1024;

interface Held {
  readonly still: StillPage;
  readonly dueAtMs: number;
}

export class StillPages {
  /** In the order of their due times. */
  #held: readonly Held[] = [];
  #size = 0;
  #bytes = 0;

  /** Candidates. */
  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isFull(): boolean {
    return this.#bytes > HELD_BYTES_MAX;
  }

  /** `Infinity` when no page is held. */
  get nextDueAtMs(): number {
    return this.#held[0]?.dueAtMs ?? Number.POSITIVE_INFINITY;
  }

  /** The one that is due first; it stays until it is let go. */
  get first(): StillPage | undefined {
    return this.#held[0]?.still;
  }

  hold(still: StillPage, { nowMs, delayMs }: HoldInput): void {
    if (still.size === 0) return;
    const dueAtMs = nowMs + delayMs;
    const place = this.#held.findLastIndex((other) => other.dueAtMs <= dueAtMs) + 1;
    this.#held = this.#held.toSpliced(place, 0, { still, dueAtMs });
    this.#size += still.size;
    this.#bytes += still.bytes;
  }

  letGo(still: StillPage): void {
    this.#held = this.#held.filter((held) => held.still !== still);
    this.#size -= still.size;
    this.#bytes -= still.bytes;
  }
}

export interface LookDeps {
  readonly plan: TablePlan;
  readonly readers: Sides<RowReader>;
  readonly limits: PageLimits;
  readonly signal: AbortSignal;
}

/** Which candidates stand still; undefined when the range has more rows by now than are read at once. */
export async function lookAtRange(
  still: StillPage,
  { plan, readers, limits, signal }: LookDeps,
): Promise<(Pick<StillLook, 'still' | 'rangeDigests'> & { readonly moved: Uint32Array }) | undefined> {
  const pages = await bothSides(readers, (reader) => reader.readPage(still.page.range, limits, signal));
  try {
    if (!pages.base.isComplete || !pages.target.isComplete) return undefined;
    const rangeDigests = mapSides(pages, digestOfPage);
    if (still.isSameRange(rangeDigests)) return { moved: NONE };
    return { ...still.sorted(comparePage(pages, readers, plan).candidates), rangeDigests };
  } finally {
    for (const side of SIDES) readers[side].forget();
  }
}

const NONE = new Uint32Array();
