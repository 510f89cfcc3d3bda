/**
 * Counts the confirmed rows of a page or a commit by the way in which they differ. It holds a bounded number of groups;
 * what fits into none is counted.
 */
import {
  type DifferenceGroup,
  type DifferenceGroups,
  GROUPS_A_TABLE_MAX,
  groupName,
  type InconsistencyType,
  type KnownDifference,
} from '@rowparity/contracts';

type Row = Pick<KnownDifference, 'type' | 'key' | 'columns' | 'causes'>;

/** As every server writes it: without zeros in front, so that its length tells its size. */
const INTEGER = /^(0|-?[1-9]\d*)$/;

export class DifferenceGrouping implements DifferenceGroups {
  readonly #groups = new Map<string, DifferenceGroup>();
  #beyond = 0;

  get groups(): readonly DifferenceGroup[] {
    return [...this.#groups.values()];
  }

  get beyond(): number {
    return this.#beyond;
  }

  get isEmpty(): boolean {
    return this.#groups.size === 0 && this.#beyond === 0;
  }

  /** A row that is confirmed different. */
  addRow({ type, key, columns, causes }: Row): void {
    const number = key.length === 1 && INTEGER.test(key[0] ?? '') ? (key[0] as string) : null;
    const one = { type, rows: 1, low: number, high: number, example: [...key] };
    if (type !== 'neq') this.#add({ ...one, column: null, cause: null });
    else
      for (const [i, column] of columns.entries()) this.#add({ ...one, column, cause: causes?.[i] ?? null });
  }

  /** Rows without a key. */
  addRows(type: InconsistencyType, rows: number): void {
    this.#add({ type, rows, column: null, cause: null, low: null, high: null, example: null });
  }

  addAll({ groups, beyond }: DifferenceGroups): void {
    for (const group of groups) this.#add(group);
    this.#beyond += beyond;
  }

  #add(group: DifferenceGroup): void {
    const name = groupName(group);
    const known = this.#groups.get(name);
    if (known) this.#groups.set(name, together(known, group));
    else if (this.#groups.size < GROUPS_A_TABLE_MAX) this.#groups.set(name, group);
    else this.#beyond += group.rows;
  }
}

export function largestFirst(groups: readonly DifferenceGroup[]): readonly DifferenceGroup[] {
  return groups.toSorted((a, b) => b.rows - a.rows || (groupName(a) < groupName(b) ? -1 : 1));
}

/** Of one name. The first one has the example. */
export function together(a: DifferenceGroup, b: DifferenceGroup): DifferenceGroup {
  return {
    ...a,
    rows: a.rows + b.rows,
    low: outermost(a.low, b.low, isLess),
    high: outermost(a.high, b.high, (one, other) => isLess(other, one)),
  };
}

/** Keys of one table are all integers or none is; a table without a key has none. */
function outermost(
  a: string | null,
  b: string | null,
  isOuter: (a: string, b: string) => boolean,
): string | null {
  if (a === null || b === null) return null;
  return isOuter(b, a) ? b : a;
}

/** Of integers without zeros in front. A row that differs asks twice, and a BigInt costs more than all the rest. */
function isLess(a: string, b: string): boolean {
  const [isNegative, isOtherNegative] = [a.startsWith('-'), b.startsWith('-')];
  if (isNegative !== isOtherNegative) return isNegative;
  const isCloserToZero = a.length === b.length ? a < b : a.length < b.length;
  return isNegative ? a !== b && !isCloserToZero : isCloserToZero;
}
