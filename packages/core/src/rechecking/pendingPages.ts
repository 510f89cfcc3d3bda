/**
 * The pages of a shard that are compared and not yet committed, in order. A page can be committed when every one of
 * its candidates has ended and its events are acknowledged; the checkpoint never jumps over a page that cannot
 * (laws 3 and 4).
 */
import {
  addCounts,
  addInto,
  type Counts,
  type DifferenceGroups,
  type InconsistencyType,
  type KeyRange,
  type KeyTuple,
  type SomeCounts,
  UNSTABLE_NAMED_MAX,
  zeroCounts,
} from '@rowparity/contracts';
import { DifferenceGrouping } from '../ledgering/differenceGrouping.ts';
import type { KnownRow, KnownRows, UnstableKey } from '../ports/ledger.ts';
import { KnownRoom } from './knownRoom.ts';

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
  /** Its own: it counts every candidate. */
  readonly #counts: Counts;
  #open: number;
  #unstable: UnstableKey[] | undefined;
  #known: KnownRow[] | undefined;
  #beyond = 0;
  #groups: DifferenceGrouping | undefined;

  constructor({ range, rows, counts, candidates, isScattered = false }: PendingPageInput) {
    this.range = range;
    this.isScattered = isScattered;
    this.rows = rows;
    this.#counts = { ...counts };
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

  /** Its confirmed differences that are to be kept, and how many there are beside them. */
  get known(): { readonly rows: readonly KnownRow[]; readonly beyond: number } {
    return { rows: this.#known ?? [], beyond: this.#beyond };
  }

  /** Its confirmed differences by the way in which they differ; undefined where there is none. */
  get groups(): DifferenceGroups | undefined {
    return this.#groups;
  }

  count(add: SomeCounts): void {
    addInto(this.#counts, add);
  }

  nameUnstable(row: UnstableKey): void {
    this.#unstable ??= [];
    if (this.#unstable.length < UNSTABLE_NAMED_MAX) this.#unstable.push(row);
  }

  keepKnown(row: KnownRow, room: KnownRoom): void {
    if (row.state !== 'resolved') this.#grouping().addRow(row);
    if (!room.take()) {
      this.#beyond += 1;
      return;
    }
    this.#known ??= [];
    this.#known.push(row);
  }

  /** Differences that are counted and not kept: they have no key. */
  countKeyless(type: InconsistencyType, rows: number): void {
    this.#beyond += rows;
    this.#grouping().addRows(type, rows);
  }

  /** Most pages have none. */
  #grouping(): DifferenceGrouping {
    this.#groups ??= new DifferenceGrouping();
    return this.#groups;
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
  /** Absent where there is none. */
  readonly known?: KnownRows;
  readonly groups?: DifferenceGroups;
}

export class PendingPages {
  readonly room: KnownRoom;
  readonly #pages: PendingPage[] = [];

  /** `keep`: most confirmed differences that are kept of the table pair. */
  constructor(keep: number) {
    this.room = new KnownRoom(keep);
  }

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
    const rows: KnownRow[] = [];
    let beyond = 0;
    const grouping = new DifferenceGrouping();
    while (this.hasSettled) {
      const page = this.#pages.shift() as PendingPage;
      checkpoint = page.range.upTo;
      counts = addCounts(counts, page.counts);
      unstable.push(...page.unstable.slice(0, UNSTABLE_NAMED_MAX - unstable.length));
      for (const row of page.known.rows) rows.push(row);
      beyond += page.known.beyond;
      if (page.groups) grouping.addAll(page.groups);
    }
    this.room.giveBack(rows.length);
    const known = rows.length + beyond > 0 ? { known: { keep: this.room.keep, rows, beyond } } : {};
    const groups = grouping.isEmpty ? {} : { groups: grouping };
    return { checkpoint, counts, unstable, ...known, ...groups };
  }
}
