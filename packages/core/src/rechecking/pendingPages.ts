/**
 * The pages of a shard that are compared and not yet committed, in order. A page can be committed when every one of
 * its candidates has ended and its events are acknowledged; the checkpoint never jumps over a page that cannot
 * (laws 3 and 4).
 */
import {
  addCounts,
  type Counts,
  type KeyRange,
  type KeyTuple,
  plusCounts,
  type SomeCounts,
  UNSTABLE_NAMED_MAX,
  zeroCounts,
} from '@rowparity/contracts';
import type { UnstableKey } from '../ports/ledger.ts';

export interface PendingPageInput {
  readonly range: KeyRange;
  /** Rows of the larger side. */
  readonly rows: number;
  /** The counts of its comparison. */
  readonly counts: Counts;
  readonly candidates: number;
  /** Its rows lie anywhere in the table: the range is of places that are no keys. */
  readonly isScattered?: boolean;
}

export class PendingPage {
  readonly range: KeyRange;
  readonly isScattered: boolean;
  readonly rows: number;
  #counts: Counts;
  #open: number;
  #unstable: UnstableKey[] | undefined;

  constructor({ range, rows, counts, candidates, isScattered = false }: PendingPageInput) {
    this.range = range;
    this.isScattered = isScattered;
    this.rows = rows;
    this.#counts = counts;
    this.#open = candidates;
  }

  get counts(): Counts {
    return this.#counts;
  }

  /** Candidates that have not ended. */
  get open(): number {
    return this.#open;
  }

  /** The first of its rows that stayed unstable. */
  get unstable(): readonly UnstableKey[] {
    return this.#unstable ?? [];
  }

  count(add: SomeCounts): void {
    this.#counts = plusCounts(this.#counts, add);
  }

  nameUnstable(row: UnstableKey): void {
    this.#unstable ??= [];
    if (this.#unstable.length < UNSTABLE_NAMED_MAX) this.#unstable.push(row);
  }

  /** One of its candidates has ended, and counts this. */
  endCandidate(add: SomeCounts): void {
    this.count(add);
    this.#open -= 1;
  }
}

export interface Settled {
  /** Undefined when no page has settled. */
  readonly checkpoint: KeyTuple | null | undefined;
  readonly counts: Counts;
  /** At most as many as a run names. */
  readonly unstable: readonly UnstableKey[];
}

export class PendingPages {
  readonly #pages: PendingPage[] = [];

  add(page: PendingPage): void {
    this.#pages.push(page);
  }

  get size(): number {
    return this.#pages.length;
  }

  /** Of the larger side, in all pages. */
  get rows(): number {
    return this.#pages.reduce((sum, page) => sum + page.rows, 0);
  }

  get hasSettled(): boolean {
    return this.#pages[0]?.open === 0;
  }

  /** Takes out every page from the beginning that has no open candidate. */
  takeSettled(): Settled {
    let checkpoint: KeyTuple | null | undefined;
    let counts = zeroCounts();
    const unstable: UnstableKey[] = [];
    while (this.hasSettled) {
      const page = this.#pages.shift() as PendingPage;
      checkpoint = page.range.upTo;
      counts = addCounts(counts, page.counts);
      unstable.push(...page.unstable.slice(0, UNSTABLE_NAMED_MAX - unstable.length));
    }
    return { checkpoint, counts, unstable };
  }
}
