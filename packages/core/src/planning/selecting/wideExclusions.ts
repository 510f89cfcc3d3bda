/**
 * Names of columns that are left out of every table that has them: of the whole run, or of what a pattern finds. One
 * table may lack such a column; where all do, the name is most likely a typing error, and the run is refused.
 */
import { Fault, type RunSpec, type TableSelection } from '@rowparity/contracts';
import { closestNames, foldedName } from '../../catalogs/columnNames.ts';
import type { CatalogTable } from '../../ports/catalog.ts';
import { SIDES, type Sides } from '../../sides/sides.ts';

interface Sought {
  readonly name: string;
  /** Undefined for the whole run. */
  readonly pattern: Extract<TableSelection, { pattern: string }> | undefined;
  isFound: boolean;
}

/** Names to search for the closest ones: of very many tables, the first ones are enough. */
const NAMES_KEPT_MAX = 100_000;

export class WideExclusions {
  readonly #sought: readonly Sought[];
  /** Of the tables of a pattern; under undefined those of the whole run. */
  readonly #seen = new Map<Sought['pattern'], Set<string>>();
  #isAllSeen = true;

  constructor({ tables, excludeColumns = [] }: Pick<RunSpec, 'tables' | 'excludeColumns'>) {
    const sought = (pattern: Sought['pattern']) => (name: string) => ({
      ...{ name, pattern },
      isFound: false,
    });
    this.#sought = [
      ...excludeColumns.map(sought(undefined)),
      ...tables.flatMap((selection) =>
        'pattern' in selection ? (selection.excludeColumns ?? []).map(sought(selection)) : [],
      ),
    ];
  }

  see(selection: TableSelection, tables: Sides<CatalogTable>): void {
    const names = SIDES.flatMap((side) => tables[side].columns.map(({ name }) => name));
    const folded = new Set(names.map(foldedName));
    for (const sought of this.#sought) {
      if (sought.isFound || (sought.pattern && sought.pattern !== selection)) continue;
      sought.isFound = folded.has(foldedName(sought.name));
    }
    this.#keep(undefined, names);
    if ('pattern' in selection) this.#keep(selection, names);
  }

  #keep(pattern: Sought['pattern'], names: readonly string[]): void {
    const seen = this.#seen.get(pattern) ?? new Set();
    this.#seen.set(pattern, seen);
    for (const name of names) if (seen.size < NAMES_KEPT_MAX) seen.add(name);
  }

  /** A table was refused for another reason, so its columns were not checked: it may have the name. */
  noteUnseen(): void {
    this.#isAllSeen = false;
  }

  expectFound(): void {
    const lost = this.#sought.find(({ isFound }) => !isFound);
    if (!lost || !this.#isAllSeen) return;
    const { name, pattern } = lost;
    const closest = closestNames(name, [...(this.#seen.get(pattern) ?? [])]);
    const where = pattern ? `no table that the pattern "${pattern.pattern}" finds` : 'no table of the run';
    const near = closest.length > 0 ? ` The closest: ${closest.join(', ')}.` : '';
    const message = `excludeColumns names ${name}, which ${where} has.${near} Correct the name, or remove it.`;
    throw new Fault('configuration', { code: 'COLUMN_MISSING', message });
  }
}
