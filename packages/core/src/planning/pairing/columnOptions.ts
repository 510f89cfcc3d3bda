/**
 * The options of a spec for a table's columns, and a check that their names exist. An unknown name is refused: a typing
 * error would silently change what "consistent" means.
 */
import type { Failure, RuleName } from '@rowparity/contracts';
import { closestNames, foldedName, isAmong, valueUnder } from '../../catalogs/columnNames.ts';
import type { CatalogTable } from '../../ports/catalog.ts';
import type { Sides } from '../../sides/sides.ts';

/** In the names of the base. */
export interface ColumnOptions {
  readonly only: readonly string[] | undefined;
  /** Left out; the table must have them. */
  readonly except: readonly string[];
  /** Left out of every table that has them. */
  readonly exceptWherever: readonly string[];
  /** Base name to target name, where they differ. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly rulesOff: readonly RuleName[];
}

export const ALL_COLUMNS: ColumnOptions = {
  only: undefined,
  except: [],
  exceptWherever: [],
  renamed: {},
  rulesOff: [],
};

/** A message names no more than these; the next message names more. */
const UNKNOWN_MAX = 5;

export function targetNames({ renamed }: ColumnOptions): (baseName: string) => string {
  return (name) => valueUnder(renamed, name) ?? name;
}

export function isLeftOut(name: string, { except, exceptWherever }: ColumnOptions): boolean {
  return isAmong(except, name) || isAmong(exceptWherever, name);
}

export function isWanted(name: string, options: ColumnOptions): boolean {
  return (options.only === undefined || isAmong(options.only, name)) && !isLeftOut(name, options);
}

export function unknownNames(tables: Sides<CatalogTable>, options: ColumnOptions): Failure | undefined {
  const base = namesOf(tables.base);
  const target = namesOf(tables.target);
  const asked = [
    { field: 'columns', names: options.only ?? [], known: base, place: 'the base' },
    { field: 'renamedColumns', names: Object.keys(options.renamed), known: base, place: 'the base' },
    { field: 'renamedColumns', names: Object.values(options.renamed), known: target, place: 'the target' },
    {
      field: 'excludeColumns',
      names: options.except,
      known: leavable(tables, options),
      place: 'either side',
    },
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
    message: `Table ${tables.base.table}: ${problems.slice(0, UNKNOWN_MAX).join('; ')}. Correct the name in the spec.`,
  };
}

/** A column that has a partner is left out by its base name only: the target's name would have no effect. */
function leavable(tables: Sides<CatalogTable>, options: ColumnOptions): readonly string[] {
  const base = namesOf(tables.base);
  const partners = base.map(targetNames(options));
  return [...base, ...namesOf(tables.target).filter((name) => !isAmong(partners, name))];
}

function namesOf({ columns }: CatalogTable): string[] {
  return columns.map(({ name }) => name);
}
