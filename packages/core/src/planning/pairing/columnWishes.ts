/**
 * What a spec says of a table's columns, and the names in it that nothing has. Such a name is refused: a typing error
 * would change in silence what "consistent" means.
 */
import type { Failure, RuleName } from '@rowparity/contracts';
import { closestNames, foldedName, isAmong, valueUnder } from '../../catalogs/columnNames.ts';
import type { CatalogTable } from '../../ports/catalog.ts';
import type { Sides } from '../../sides/sides.ts';

/** In the names of the base. */
export interface ColumnWishes {
  readonly only: readonly string[] | undefined;
  /** Left out; the table must have them. */
  readonly except: readonly string[];
  /** Left out of every table that has them. */
  readonly exceptWherever: readonly string[];
  /** Base name to target name, where they differ. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly rulesOff: readonly RuleName[];
}

export const ALL_COLUMNS: ColumnWishes = {
  only: undefined,
  except: [],
  exceptWherever: [],
  renamed: {},
  rulesOff: [],
};

/** A message names no more than these. When they are mended, the next message names more. */
const UNKNOWN_MAX = 5;

export function targetNames({ renamed }: ColumnWishes): (baseName: string) => string {
  return (name) => valueUnder(renamed, name) ?? name;
}

export function isLeftOut(name: string, { except, exceptWherever }: ColumnWishes): boolean {
  return isAmong(except, name) || isAmong(exceptWherever, name);
}

export function isWanted(name: string, wishes: ColumnWishes): boolean {
  return (wishes.only === undefined || isAmong(wishes.only, name)) && !isLeftOut(name, wishes);
}

export function unknownNames(tables: Sides<CatalogTable>, wishes: ColumnWishes): Failure | undefined {
  const base = namesOf(tables.base);
  const target = namesOf(tables.target);
  const asked = [
    { field: 'columns', names: wishes.only ?? [], known: base, place: 'the base' },
    { field: 'renamedColumns', names: Object.keys(wishes.renamed), known: base, place: 'the base' },
    { field: 'renamedColumns', names: Object.values(wishes.renamed), known: target, place: 'the target' },
    { field: 'excludeColumns', names: wishes.except, known: leavable(tables, wishes), place: 'either side' },
  ];
  const problems = asked.flatMap(({ field, names, known, place }) => {
    const folded = new Set(known.map(foldedName));
    // Both lists may be of thousands of names: only of those that are told the closest are sought.
    const unknown = names.filter((name) => !folded.has(foldedName(name))).slice(0, UNKNOWN_MAX);
    return unknown.map(
      (name) =>
        `${field} names ${name}, expected a column of ${place} (the closest: ${closestNames(name, known).join(', ')})`,
    );
  });
  if (problems.length === 0) return undefined;
  return {
    code: 'COLUMN_MISSING',
    message: `Table ${tables.base.table}: ${problems.slice(0, UNKNOWN_MAX).join('; ')}. Mend the name in the spec.`,
  };
}

/** Leaving out the target's name of a column that goes by the base's would leave out nothing. */
function leavable(tables: Sides<CatalogTable>, wishes: ColumnWishes): readonly string[] {
  const base = namesOf(tables.base);
  const partners = base.map(targetNames(wishes));
  return [...base, ...namesOf(tables.target).filter((name) => !isAmong(partners, name))];
}

function namesOf({ columns }: CatalogTable): string[] {
  return columns.map(({ name }) => name);
}
