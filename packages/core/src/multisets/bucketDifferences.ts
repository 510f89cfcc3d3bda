/** Which rows of some buckets the two sides do not share, from the digests of all of them. */
import type { KeyTuple } from '@rowparity/contracts';
import type { DigestedRows } from '../ports/multisetReader.ts';
import { mapSides, SIDES, type Side, type Sides } from '../sides/sides.ts';

/** What the sides have under one identity, as texts that are equal for equal rows; '' where a side has nothing. */
export interface SeenRows {
  readonly state: Sides<string>;
  /** How many rows a side has that the other has not. */
  readonly rows: Sides<number>;
  readonly key: KeyTuple;
}

/** All rows of some buckets of one side. */
export class SideRows {
  #identities = new BigUint64Array(1024);
  #digests = new BigUint64Array(1024);
  #lines = 0;
  /** Rows beyond the first of a line, by digest: most lines have none. */
  readonly #more = new Map<bigint, number>();
  readonly #wanted: ReadonlyMap<bigint, unknown> | undefined;
  readonly #keys = new Map<bigint, KeyTuple>();

  /** `wanted`: identities whose keys are kept, from the second look on; before, no key is. */
  constructor(wanted?: ReadonlyMap<bigint, unknown>) {
    this.#wanted = wanted;
  }

  add(chunk: DigestedRows): void {
    this.#reserve(this.#lines + chunk.lines);
    this.#identities.set(chunk.identities.subarray(0, chunk.lines), this.#lines);
    this.#digests.set(chunk.digests.subarray(0, chunk.lines), this.#lines);
    this.#lines += chunk.lines;
    for (let i = 0; i < chunk.lines; i += 1) {
      const more = Number(chunk.copies[i]) - 1;
      if (more > 0)
        this.#more.set(chunk.digests[i] as bigint, more + this.moreOf(chunk.digests[i] as bigint));
    }
    if (!this.#wanted) return;
    for (let i = 0; i < chunk.lines; i += 1) {
      const identity = chunk.identities[i] as bigint;
      if (this.#wanted.has(identity)) this.#keys.set(identity, chunk.keyAt(i));
    }
  }

  get lines(): number {
    return this.#lines;
  }

  /** Rows of a digest beyond one for each of its lines. */
  moreOf(digest: bigint): number {
    return this.#more.get(digest) ?? 0;
  }

  keyOf(identity: bigint): KeyTuple | undefined {
    return this.#keys.get(identity);
  }

  identityAt(line: number): bigint {
    return this.#identities[line] as bigint;
  }

  digestAt(line: number): bigint {
    return this.#digests[line] as bigint;
  }

  sortedDigests(): BigUint64Array {
    return this.#digests.slice(0, this.#lines).sort();
  }

  #reserve(lines: number): void {
    if (lines <= this.#digests.length) return;
    const length = Math.max(lines, 2 * this.#digests.length);
    this.#digests = grown(this.#digests, length);
    this.#identities = grown(this.#identities, length);
  }
}

function grown(numbers: BigUint64Array<ArrayBuffer>, length: number): BigUint64Array<ArrayBuffer> {
  const larger = new BigUint64Array(length);
  larger.set(numbers);
  return larger;
}

/** By identity. */
export function differencesOf(sides: Sides<SideRows>): Map<bigint, SeenRows> {
  const surplus = surplusOf(sides);
  const found = new Map<bigint, { state: Record<Side, string[]>; rows: Record<Side, number> }>();
  for (const side of SIDES) {
    const rows = sides[side];
    const told = new Set<bigint>();
    for (let line = 0; line < rows.lines; line += 1) {
      const digest = rows.digestAt(line);
      const counts = surplus.get(digest);
      if (!counts || told.has(digest)) continue;
      told.add(digest);
      const identity = rows.identityAt(line);
      const seen = found.get(identity) ?? emptySeen();
      found.set(identity, seen);
      seen.state[side].push(`${digest.toString(16)}×${counts[side]}`);
      seen.rows[side] += Math.max(0, counts[side] - counts[side === 'base' ? 'target' : 'base']);
    }
  }
  return new Map(
    [...found].map(([identity, { state, rows }]) => {
      const key = sides.base.keyOf(identity) ?? sides.target.keyOf(identity) ?? [];
      return [identity, { state: mapSides(state, (texts) => texts.sort().join(' ')), rows, key }];
    }),
  );
}

function emptySeen() {
  return { state: { base: [] as string[], target: [] as string[] }, rows: { base: 0, target: 0 } };
}

/** Digests that one side has more often than the other, with how often each side has them. */
function surplusOf(sides: Sides<SideRows>): Map<bigint, Sides<number>> {
  const { base, target } = mapSides(sides, (rows) => rows.sortedDigests());
  const surplus = new Map<bigint, Sides<number>>();
  let i = 0;
  let j = 0;
  while (i < base.length || j < target.length) {
    const digest = smaller(base[i], target[j]);
    const ends = { base: endOfRun(base, i, digest), target: endOfRun(target, j, digest) };
    const counts = {
      base: ends.base - i + sides.base.moreOf(digest),
      target: ends.target - j + sides.target.moreOf(digest),
    };
    if (counts.base !== counts.target) surplus.set(digest, counts);
    i = ends.base;
    j = ends.target;
  }
  return surplus;
}

function smaller(a: bigint | undefined, b: bigint | undefined): bigint {
  if (a === undefined) return b as bigint;
  return b === undefined || a < b ? a : b;
}

function endOfRun(digests: BigUint64Array, from: number, digest: bigint): number {
  let end = from;
  while (end < digests.length && digests[end] === digest) end += 1;
  return end;
}
