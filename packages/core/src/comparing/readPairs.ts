/**
 * Reads a key range from both sides as two streams, one statement each, and cuts them into pages that hold the same
 * keys. The servers send without a pause between pages, from snapshots of nearly the same moment, and at most a page of
 * either side is held. Where the streams have no row in common, pages are read one by one for a while. After a fault
 * both streams are opened again after the last pair that was yielded.
 */
import type { Clock, KeyRange, KeyTuple } from '@rowparity/contracts';
import { readOf } from '../budgeting/budgetedReaders.ts';
import { BUDGET_STREAM_MS, BUDGET_STREAM_ROWS_FIRST } from '../budgeting/shardBudget.ts';
import type { StreamGate, StreamGrant } from '../budgeting/streamGate.ts';
import type { PageLimits, RowReader, RowStream } from '../ports/rowSource.ts';
import type { Retry } from '../rows/retriedReader.ts';
import { headOf } from '../rows/rowPage.ts';
import { bothSides, mapSides, SIDES, type Sides } from '../sides/sides.ts';
import { commonCut } from './commonCut.ts';
import type { PagePair } from './pagePair.ts';
import { readPagePair } from './readPagePair.ts';
import { StreamRows } from './streamRows.ts';

export interface PairsInput {
  readonly range: KeyRange;
  readonly limits: PageLimits;
  readonly readers: Sides<RowReader>;
  readonly signal: AbortSignal;
  readonly clock: Pick<Clock, 'steadyNow'>;
  /** Tries a step again after a transient fault. */
  readonly retried: Retry;
  /** Absent: neither server has a budget. */
  readonly gate?: StreamGate | undefined;
}

/** Pairs that are read one by one when streams have nothing in common; each time twice as many as the time before. */
const SINGLE_PAIRS_MAX = 64;

export async function* readPairs(request: PairsInput): AsyncGenerator<PagePair, void, void> {
  const reading = new PairReading(request);
  try {
    for (;;) {
      const pair = await request.retried(() => reading.next());
      yield pair;
      if (pair.isLast) return;
    }
  } finally {
    await reading.close();
  }
}

class PairReading {
  readonly #request: PairsInput;
  readonly #rows: StreamRows;
  #after: KeyTuple | null;
  #streams: OpenStreams | undefined;
  /** Pairs still to be read one by one. */
  #singles = 0;
  #singlesNext = 1;

  constructor(request: PairsInput) {
    this.#request = request;
    this.#after = request.range.after;
    this.#rows = new StreamRows(request.gate ? SHORT : {});
  }

  async next(): Promise<PagePair> {
    for (;;) {
      const isSingle = this.#singles > 0 || this.#request.gate?.canPair === false;
      const pair = isSingle ? await this.#single() : await this.#streamed();
      if (!pair) continue;
      this.#after = pair.range.upTo;
      return pair;
    }
  }

  async close(): Promise<void> {
    const streams = this.#streams;
    this.#streams = undefined;
    await streams?.close();
  }

  async #single(): Promise<PagePair> {
    const pair = await readPagePair(this.#rest(), this.#request);
    this.#singles = Math.max(0, this.#singles - 1);
    return pair;
  }

  /** Undefined when the streams had nothing in common: they are closed then. */
  async #streamed(): Promise<PagePair | undefined> {
    try {
      if (this.#streams?.isUsedUp) await this.#closeUsedUp(this.#streams);
      this.#streams ??= await this.#open();
      const pair = await this.#streams.next(this.#rest());
      if (pair) this.#singlesNext = 1;
      else await this.#leave(this.#streams);
      return pair;
    } catch (error) {
      this.#rows.shrink();
      await this.close().catch(() => undefined);
      throw error;
    }
  }

  async #open(): Promise<OpenStreams> {
    const { readers, limits, signal, clock, gate } = this.#request;
    const range = this.#rest();
    const grant = await gate?.open(this.#rows.next, signal);
    const wanted = { rows: grant?.rows ?? this.#rows.next, page: limits };
    const startedAtMs = clock.steadyNow();
    return new OpenStreams(
      mapSides(readers, (reader) => reader.stream(range, wanted, signal)),
      { startedAtMs, grant, stayed: grant?.whenInTheWay(() => this.close()) },
    );
  }

  async #closeUsedUp(streams: OpenStreams): Promise<void> {
    this.#rows.learn(streams.taken, this.#request.clock.steadyNow() - streams.startedAtMs);
    await this.close();
  }

  /** A stream that ended by its limit may lack the rows that the other one has: only fresh streams are given up. */
  async #leave(streams: OpenStreams): Promise<void> {
    if (streams.taken === 0 || !streams.isCut) {
      this.#singles = this.#singlesNext;
      this.#singlesNext = Math.min(2 * this.#singlesNext, SINGLE_PAIRS_MAX);
    }
    await this.close();
  }

  #rest(): KeyRange {
    return { after: this.#after, upTo: this.#request.range.upTo };
  }
}

/** Two streams of the same range, from their opening to their end. */
class OpenStreams {
  readonly startedAtMs: number;
  readonly #streams: Sides<RowStream>;
  readonly #grant: StreamGrant | undefined;
  readonly #stayed: (() => void) | undefined;
  /** Rows that went into pairs, of the side that had more. */
  taken = 0;
  /** A stream reached its limit and all its rows are taken: the range continues in the next streams. */
  isUsedUp = false;
  /** A stream reached its limit. */
  isCut = false;

  constructor(streams: Sides<RowStream>, { startedAtMs, grant, stayed }: Opening) {
    this.#streams = streams;
    this.startedAtMs = startedAtMs;
    this.#grant = grant;
    this.#stayed = stayed;
  }

  async next(rest: KeyRange): Promise<PagePair | undefined> {
    const pages = await bothSides(this.#streams, (stream) => stream.page());
    this.isCut = SIDES.some((side) => pages[side].isCut);
    const cut = commonCut(pages);
    if (!cut) return undefined;
    const taken = mapSides(pages, (page, side) => headOf(page, cut.rows[side]));
    for (const side of SIDES) this.#grant?.take(side, readOf(taken[side]));
    for (const side of SIDES) this.#streams[side].take(cut.rows[side]);
    this.taken += Math.max(cut.rows.base, cut.rows.target);
    this.isUsedUp = SIDES.some((side) => pages[side].isCut && pages[side].rows === cut.rows[side]);
    return {
      pages: taken,
      range: { after: rest.after, upTo: cut.upTo ?? rest.upTo },
      isLast: cut.upTo === undefined,
    };
  }

  async close(): Promise<void> {
    this.#stayed?.();
    try {
      await bothSides(this.#streams, (stream) => stream.close());
    } finally {
      this.#grant?.release();
    }
  }
}

interface Opening {
  readonly startedAtMs: number;
  readonly grant: StreamGrant | undefined;
  /** Ends that the streams are closed when the shard waits for something else. */
  readonly stayed: (() => void) | undefined;
}

const SHORT = { rowsFirst: BUDGET_STREAM_ROWS_FIRST, streamMs: BUDGET_STREAM_MS };
