/**
 * The schemas of some table pairs with one question a side. If one of the tables makes that question fail, each is
 * asked for by itself, so that the fault stays with its table.
 */
import type { Catalog, CatalogTable } from '../ports/catalog.ts';
import { bothSides, type Sides } from '../sides/sides.ts';
import { isOfOneTable } from './tableFault.ts';

/** Pairs of one question: few enough to hold all of their columns, enough to hide the round trip. */
export const PAIRS_A_QUESTION = 100;

/** The tables of one pair; undefined where there is none. */
export type Described = (names: Sides<string>) => Promise<Sides<CatalogTable | undefined>>;

export async function describePairs(
  pairs: readonly Sides<string>[],
  catalogs: Sides<Catalog>,
  signal: AbortSignal,
): Promise<Described> {
  const found = await bothSides(catalogs, async (catalog, side) => {
    const names = pairs.map((pair) => pair[side]);
    return catalog.describeAll(names, signal).catch((error: unknown) => {
      if (signal.aborted || !isOfOneTable(error)) throw error;
      return undefined;
    });
  });
  return (names) =>
    bothSides(catalogs, async (catalog, side) => {
      const known = found[side];
      return known ? known.get(names[side]) : catalog.describe(names[side], signal);
    });
}

/** A list in groups of this size. */
export function groupsOf<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
