/**
 * Names of columns that are left out of every table that has them: of the whole run, or of what a pattern finds. One
 * table may lack such a column; where all do, the name is most likely a typing error, and the run is refused.
 */
import type { RunSpec, TableSelection } from '@rowparity/contracts';
import { Fault } from '../fault.ts';
import type { CatalogTable } from '../ports/catalog.ts';
import { SIDES, type Sides } from '../sides.ts';
import { closestNames, isAmong } from './columnNames.ts';

interface Sought {
  readonly name: string;
  /** Undefined for the whole run. */
  readonly pattern: Extract<TableSelection, { pattern: string }> | undefined;
  isFound: boolean;
  closest: readonly string[];
}

export class WideExclusions {
  readonly #sought: readonly Sought[];
  #isAllSeen = true;

  constructor({ tables, excludeColumns = [] }: Pick<RunSpec, 'tables' | 'excludeColumns'>) {
    const sought = (pattern: Sought['pattern']) => (name: string) => ({
      ...{ name, pattern },
      ...{ isFound: false, closest: [] },
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
    for (const sought of this.#sought) {
      if (sought.isFound || (sought.pattern && sought.pattern !== selection)) continue;
      sought.isFound = isAmong(names, sought.name);
      sought.closest = closestNames(sought.name, [...sought.closest, ...names]);
    }
  }

  /** Of a table that is refused for another reason: it may have what the others lack. */
  missSight(): void {
    this.#isAllSeen = false;
  }

  expectFound(): void {
    const lost = this.#sought.find(({ isFound }) => !isFound);
    if (!lost || !this.#isAllSeen) return;
    const { name, pattern, closest } = lost;
    const where = pattern ? `no table that the pattern "${pattern.pattern}" finds` : 'no table of the run';
    const near = closest.length > 0 ? ` The closest: ${closest.join(', ')}.` : '';
    const message = `excludeColumns names ${name}, which ${where} has.${near} Mend the name, or take it out.`;
    throw new Fault('configuration', { code: 'COLUMN_MISSING', message });
  }
}
