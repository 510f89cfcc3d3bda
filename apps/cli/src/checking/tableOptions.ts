/**
 * Applies options of `check` to the tables in `--tables`. An option that does not fit all of its tables is refused: if
 * it were ignored, it would silently change what "consistent" means.
 */
import type { RunSpecInput } from '@rowparity/contracts';
import { UsageError } from '../usage/usageError.ts';

type TableDraft = RunSpecInput['tables'][number];
type NamedDraft = Extract<TableDraft, { name: string }>;
export type TableDrafts = readonly TableDraft[];
/** Gives the tables with what the text asks for; throws a UsageError. */
export type TableOption = (tables: TableDrafts, text: string) => TableDrafts;

/** Named tables come first: of a table that is found twice the engine takes the first, which has the options. */
export function readTables(text: string): TableDrafts {
  const names = readList(text);
  const isPattern = (name: string) => /[*?]/.test(name);
  return [
    ...names.filter((name) => !isPattern(name)).map((name) => ({ name })),
    ...names.filter(isPattern).map((pattern) => ({ pattern })),
  ];
}

export function withColumns(tables: TableDrafts, text: string): TableDrafts {
  const places = readList(text).map((part) => placeOf(part, tables));
  if (places.some(({ table }) => table === undefined)) expectNoPattern(tables);
  return named(tables, (table) => {
    const columns = columnsFor(table, places);
    return columns.length > 0 ? { ...table, columns } : table;
  });
}

export function withoutColumns(tables: TableDrafts, text: string): TableDrafts {
  const places = readList(text).map((part) => placeOf(part, tables));
  const ofOne = places.filter(({ table }) => table !== undefined);
  return named(tables, (table) => {
    const excludeColumns = columnsFor(table, ofOne);
    return excludeColumns.length > 0 ? { ...table, excludeColumns } : table;
  });
}

/** Of patterns only: a table that is named is not left out. */
export function withoutTables(tables: TableDrafts, text: string): TableDrafts {
  if (!tables.some((table) => 'pattern' in table)) {
    throw new UsageError('expected a pattern in --tables: a table that is named is not left out');
  }
  const exclude = readList(text);
  return tables.map((table) =>
    'pattern' in table ? { ...table, exclude: [...(table.exclude ?? []), ...exclude] } : table,
  );
}

/** Columns without a table, which are left out of every table. */
export function columnsAlone(text: string): readonly string[] | undefined {
  const columns = readList(text).filter((part) => !part.includes('.'));
  return columns.length > 0 ? columns : undefined;
}

export function withKey(tables: TableDrafts, text: string): TableDrafts {
  if (tables.length !== 1) {
    throw new UsageError(`expected one table in --tables, found ${tables.length}: a key is one table's`);
  }
  expectNoPattern(tables);
  return named(tables, (table) => ({ ...table, key: readList(text) }));
}

export function withWhere(tables: TableDrafts, where: string): TableDrafts {
  expectNoPattern(tables);
  return named(tables, (table) => ({ ...table, where }));
}

/** The predicate of one side; the other one has its own, or that of --where. */
export function withWhereOn(place: 'source' | 'destination'): TableOption {
  return (tables, where) => {
    expectNoPattern(tables);
    return named(tables, (table) => {
      const both =
        typeof table.where === 'string' ? { source: table.where, destination: table.where } : table.where;
      return { ...table, where: { ...both, [place]: where } as NonNullable<NamedDraft['where']> };
    });
  };
}

/** `table=other` renames a table, `table.column=other` a column. */
export function withMapped(tables: TableDrafts, text: string): TableDrafts {
  const [from = '', to = '', ...more] = text.split('=').map((part) => part.trim());
  if (!from || !to || more.length > 0) {
    throw new UsageError(`expected table=other or table.column=other, found "${text}"`);
  }
  const isWhole = tables.some((table) => 'name' in table && table.name === from);
  const place = isWhole ? { table: from, column: undefined } : placeOf(from, tables);
  if (place.table === undefined) throw new UsageError(notNamed(from, from));
  return named(tables, (table) => (table.name === place.table ? mapped(table, place.column, to) : table));
}

export function readList(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

function mapped(table: NamedDraft, column: string | undefined, renamed: string): NamedDraft {
  const before = column === undefined ? table.destination : table.renamedColumns?.[column];
  if (before !== undefined && before !== renamed) {
    const from = column === undefined ? table.name : `${table.name}.${column}`;
    throw new UsageError(`"${from}" is mapped twice, to "${before}" and to "${renamed}"`);
  }
  if (column === undefined) return { ...table, destination: renamed };
  return { ...table, renamedColumns: { ...table.renamedColumns, [column]: renamed } };
}

interface ColumnPlace {
  /** Undefined for every table. */
  readonly table: string | undefined;
  readonly column: string;
}

/** Table names may have dots themselves: the longest name that fits is meant. */
function placeOf(text: string, tables: TableDrafts): ColumnPlace {
  const names = tables.flatMap((table) => ('name' in table ? [table.name] : []));
  const table = names.filter((name) => text.startsWith(`${name}.`)).sort((a, b) => b.length - a.length)[0];
  if (table !== undefined) return { table, column: text.slice(table.length + 1) };
  if (!text.includes('.')) return { table, column: text };
  throw new UsageError(notNamed(text, text.slice(0, text.lastIndexOf('.'))));
}

function columnsFor({ name }: NamedDraft, places: readonly ColumnPlace[]): string[] {
  const isMeant = ({ table }: ColumnPlace) => table === undefined || table === name;
  return places.filter(isMeant).map(({ column }) => column);
}

function named(tables: TableDrafts, change: (table: NamedDraft) => NamedDraft): TableDrafts {
  return tables.map((table) => ('name' in table ? change(table) : table));
}

function expectNoPattern(tables: TableDrafts): void {
  const pattern = tables.find((table) => 'pattern' in table);
  if (!pattern) return;
  throw new UsageError(
    `expected only names in --tables, found the pattern "${pattern.pattern}": name the tables that it is for`,
  );
}

function notNamed(text: string, table: string): string {
  return `"${text}": expected a table that --tables names (a pattern does not name it), found "${table}"`;
}
