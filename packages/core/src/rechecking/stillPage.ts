/**
 * The candidates of a page of which most rows differ, while they stand still: two digests and a key each, in bytes.
 * They share one evidence, as all of them were seen as they are at every look. A candidate that moves is given back.
 */
import type { Candidate } from '../comparing/candidate.ts';
import { DIGEST_CHARS, type SeenRow } from '../rows/seenRow.ts';
import { mapSides, SIDES, type Side, type Sides } from '../sides/sides.ts';
import type { Fenced } from './candidateQueue.ts';
import type { Evidence } from './evidence.ts';
import type { PendingPage } from './pendingPages.ts';
import type { ListOf } from './recheckRound.ts';

/** Between the parts of a key: no part of these kinds of key contains it. */
const SEPARATOR = '\n';
const ENCODING = 'latin1';
const NO_ROW = -1;

/** What one side had for every candidate. */
interface SeenSide {
  /** Of the rows; NO_ROW where there was none. */
  readonly bytes: Int32Array;
  /** One behind the other. */
  readonly digests: Buffer;
}

export class StillPage {
  readonly page: PendingPage;
  /** Of each candidate, without what is its own: versions, the missing side, columns. */
  readonly evidence: Evidence;
  readonly fenced: Fenced | undefined;
  readonly #sides: Sides<SeenSide>;
  readonly #keys: Buffer;
  readonly #keyEnds: Uint32Array;
  /** Places of the candidates that are left, in the order in which comparing finds them. */
  readonly #places: Uint32Array;
  /** Of all rows of the range at the last look, by side; undefined before the first look. */
  readonly rangeDigests: Sides<string> | undefined;

  private constructor(of: StillState) {
    this.page = of.page;
    this.evidence = of.evidence;
    this.fenced = of.fenced;
    this.#sides = of.sides;
    this.#keys = of.keys;
    this.#keyEnds = of.keyEnds;
    this.#places = of.places;
    this.rangeDigests = of.rangeDigests;
  }

  /** Keys must be of kinds that have one spelling, which no SEPARATOR is part of. */
  static of(page: PendingPage, candidates: readonly Candidate[], evidence: Evidence): StillPage {
    const texts = candidates.map(({ key }) => key.join(SEPARATOR));
    const keyEnds = new Uint32Array(texts.length);
    let end = 0;
    for (const [i, text] of texts.entries()) {
      end += text.length;
      keyEnds[i] = end;
    }
    return new StillPage({
      ...{ page, evidence, keyEnds, fenced: undefined, rangeDigests: undefined },
      sides: mapSides({ base: 'base', target: 'target' } as const, (side) => seenSide(candidates, side)),
      keys: Buffer.from(texts.join(''), ENCODING),
      places: Uint32Array.from(candidates.keys()),
    });
  }

  /** Candidates. */
  get size(): number {
    return this.#places.length;
  }

  /** Bytes that it holds. */
  get bytes(): number {
    const { base, target } = this.#sides;
    const seen =
      base.bytes.byteLength + base.digests.length + target.bytes.byteLength + target.digests.length;
    return seen + this.#keys.length + this.#keyEnds.byteLength + this.#places.byteLength;
  }

  /** Every row of the range has the bytes of the last look, so every candidate stands still. */
  isSameRange(digests: Sides<string>): boolean {
    const before = this.rangeDigests;
    return before !== undefined && SIDES.every((side) => before[side] === digests[side]);
  }

  /** After a look: those that are as before, and those that are not. `now` is what comparing the range found. */
  sorted(now: readonly Candidate[]): { readonly still: Uint32Array; readonly moved: Uint32Array } {
    const still: number[] = [];
    const moved: number[] = [];
    let next = 0;
    let index: ReadonlyMap<string, number> | undefined;
    for (const place of this.#places) {
      let found = this.#isAsBefore(place, now[next]) ? next : undefined;
      if (found === undefined) {
        index ??= new Map(now.map(({ key }, i) => [key.join(SEPARATOR), i]));
        const other = index.get(this.#keyText(place));
        if (other !== undefined && this.#isAsBefore(place, now[other])) found = other;
      }
      (found === undefined ? moved : still).push(place);
      if (found !== undefined) next = found + 1;
    }
    return { still: Uint32Array.from(still), moved: Uint32Array.from(moved) };
  }

  /** The same with more evidence, and with fewer candidates where some have moved. */
  after(look: StillLook): StillPage {
    return new StillPage({
      ...{ page: this.page, sides: this.#sides, keys: this.#keys, keyEnds: this.#keyEnds },
      evidence: look.evidence,
      fenced: look.fenced,
      places: look.still ?? this.#places,
      rangeDigests: look.rangeDigests ?? this.rangeDigests,
    });
  }

  /** As they were seen, those of some places. */
  candidates(places: Uint32Array): Candidate[] {
    return Array.from(places, (place) => this.#candidate(place));
  }

  /** As they were seen, all of them. Each is made when it is asked for, and made anew when another one was. */
  get all(): ListOf<Candidate> {
    let last: { readonly i: number; readonly candidate: Candidate } | undefined;
    const candidateOf = (i: number) => {
      if (last?.i !== i) last = { i, candidate: this.#candidate(this.#places[i] as number) };
      return last.candidate;
    };
    return { length: this.size, at: candidateOf };
  }

  #candidate(place: number): Candidate {
    return {
      key: this.#keyText(place).split(SEPARATOR),
      seen: mapSides(this.#sides, (side) => rowOf(side, place)),
    };
  }

  /** A row's bytes hold its key. */
  #isAsBefore(place: number, now: Candidate | undefined): boolean {
    if (now === undefined) return false;
    return SIDES.every((side) => isSameRow(this.#sides[side], place, now.seen[side]));
  }

  #keyText(place: number): string {
    const start = place === 0 ? 0 : (this.#keyEnds[place - 1] as number);
    return this.#keys.toString(ENCODING, start, this.#keyEnds[place]);
  }
}

interface StillState {
  readonly page: PendingPage;
  readonly evidence: Evidence;
  readonly fenced: Fenced | undefined;
  readonly sides: Sides<SeenSide>;
  readonly keys: Buffer;
  readonly keyEnds: Uint32Array;
  readonly places: Uint32Array;
  readonly rangeDigests: Sides<string> | undefined;
}

export interface StillLook {
  readonly evidence: Evidence;
  readonly fenced?: Fenced | undefined;
  /** Absent: all. */
  readonly still?: Uint32Array | undefined;
  /** Absent: as before. */
  readonly rangeDigests?: Sides<string> | undefined;
}

function seenSide(candidates: readonly Candidate[], side: Side): SeenSide {
  const bytes = Int32Array.from(candidates, ({ seen }) => seen[side]?.bytes ?? NO_ROW);
  const digests = Buffer.alloc(DIGEST_CHARS * candidates.length);
  for (const [i, { seen }] of candidates.entries()) {
    digests.write(seen[side]?.digest ?? '', DIGEST_CHARS * i, ENCODING);
  }
  return { bytes, digests };
}

function digestAt({ digests }: SeenSide, place: number): string {
  return digests.toString(ENCODING, DIGEST_CHARS * place, DIGEST_CHARS * (place + 1));
}

function rowOf(side: SeenSide, place: number): SeenRow | null {
  const bytes = side.bytes[place] as number;
  return bytes === NO_ROW ? null : { bytes, digest: digestAt(side, place) };
}

function isSameRow(side: SeenSide, place: number, now: SeenRow | null): boolean {
  const bytes = side.bytes[place] as number;
  if (bytes === NO_ROW || now === null) return bytes === NO_ROW && now === null;
  return bytes === now.bytes && digestAt(side, place) === now.digest;
}
