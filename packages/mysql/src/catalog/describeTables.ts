/** The schemas of tables: columns, unique indexes, and whether there is more than the user may see. */
import type { CatalogTable } from '@rowparity/core';
import { mysqlErrno } from '../connection/faultOf.ts';
import type { Row, Session } from '../connection/session.ts';
import { quoted } from '../sql/quoted.ts';
import { type DeclaredColumn, describeColumn } from './describeColumn.ts';
import { seesEveryTable } from './listTables.ts';
import { indexesOf } from './tableIndexes.ts';

/** ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR. */
const DENIED: ReadonlySet<number | undefined> = new Set([1142, 1143]);
const UNKNOWN_VARIABLE = 1193;

export interface TablesOf {
  readonly schema: string;
  readonly tables: readonly string[];
}

/** By the names that were asked for. Views, sequences and tables that are not there are left out. */
export async function describeTables(
  session: Session,
  input: TablesOf,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, CatalogTable>> {
  if (input.tables.length === 0) return new Map();
  const ask = (sql: (where: string) => string) => rowsByTable(session, { ...input, sql }, signal);
  await expectFreshStatistics(session, signal);
  const found = await ask(
    (where) => `SELECT TABLE_NAME AS tableName, TABLE_ROWS AS estimated FROM information_schema.TABLES
     WHERE ${where} AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')`,
  );
  const columns = await ask(
    (
      where,
    ) => `SELECT TABLE_NAME AS tableName, COLUMN_NAME AS name, COLUMN_TYPE AS type, DATA_TYPE AS dataType,
       IS_NULLABLE AS nullable, COLLATION_NAME AS collation, CHARACTER_SET_NAME AS charset,
       ORDINAL_POSITION AS position, GENERATION_EXPRESSION AS expression, COLUMN_DEFAULT AS byDefault
     FROM information_schema.COLUMNS WHERE ${where}`,
  );
  const checks = session.isMariaDb
    ? await ask(
        (where) => `SELECT TABLE_NAME AS tableName, CHECK_CLAUSE AS clause
     FROM information_schema.CHECK_CONSTRAINTS WHERE ${where.replace('TABLE_SCHEMA', 'CONSTRAINT_SCHEMA')}`,
      )
    : new Map<string, readonly Row[]>();
  const indexes = await ask(
    (where) => `SELECT s.*, s.TABLE_NAME AS tableName FROM information_schema.STATISTICS s
     WHERE ${where}`,
  );
  const isAllVisible = await seesEveryTable(session, input.schema, signal);
  const described = new Map<string, CatalogTable>();
  for (const asked of input.tables) {
    const name = nameAmong(found, asked);
    const [row] = found.get(name) ?? [];
    if (!row) continue;
    const own = (columns.get(name) ?? []).toSorted(byNumber('position'));
    const parts = (indexes.get(name) ?? []).toSorted(byNumber('SEQ_IN_INDEX')).toSorted(byName('INDEX_NAME'));
    const ownChecks = checks.get(name) ?? [];
    const table = tableOf({ columns: own, checks: ownChecks, parts, isMariaDb: session.isMariaDb });
    const isWhole =
      isAllVisible || (await canReadAll(session, { schema: input.schema, table: asked }, signal));
    described.set(asked, {
      ...table,
      schema: input.schema,
      table: name,
      estimatedRows: Number(row.estimated ?? 0),
      hasHiddenColumns: hasGap(own) || !isWhole,
    });
  }
  return described;
}

/** The name as given; or, on a server that ignores case, as the server stores it. */
function nameAmong(found: ReadonlyMap<string, unknown>, asked: string): string {
  if (found.has(asked)) return asked;
  const folded = asked.toLowerCase();
  return [...found.keys()].find((name) => name.toLowerCase() === folded) ?? asked;
}

interface QuestionOfTables extends TablesOf {
  sql(where: string): string;
}

/**
 * MariaDB looks a table up by its name only where it is compared with one name; with a list it opens every table of the
 * database. MySQL has its catalog in tables with indexes.
 */
async function rowsByTable(
  session: Session,
  { schema, tables, sql }: QuestionOfTables,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const names = tables.map((table) => session.escape(table));
  const conditions = session.isMariaDb ? names.map((name) => `= ${name}`) : [`IN (${names.join(', ')})`];
  const parts = conditions.map((condition) =>
    sql(`TABLE_SCHEMA = ${session.escape(schema)} AND TABLE_NAME ${condition}`),
  );
  const rows = await session.query(parts.join('\nUNION ALL\n'), signal);
  return Map.groupBy(rows, ({ tableName }) => String(tableName));
}

/** MySQL caches the number of rows of a table for a day, so it may be that of an empty table. */
async function expectFreshStatistics(session: Session, signal: AbortSignal): Promise<void> {
  if (session.isMariaDb) return;
  try {
    await session.query('SET SESSION information_schema_stats_expiry = 0', signal);
  } catch (error) {
    if (mysqlErrno(error) !== UNKNOWN_VARIABLE) throw error;
  }
}

function byNumber(field: string): (a: Row, b: Row) => number {
  return (a, b) => Number(a[field]) - Number(b[field]);
}

function byName(field: string): (a: Row, b: Row) => number {
  return (a, b) => {
    const [x, y] = [a, b].map((row) => String(row[field]).toLowerCase()) as [string, string];
    return x < y ? -1 : Number(x > y);
  };
}

interface TableRows {
  readonly columns: readonly Row[];
  readonly checks: readonly Row[];
  readonly parts: readonly Row[];
  readonly isMariaDb: boolean;
}

function tableOf({
  columns,
  checks,
  parts,
  isMariaDb,
}: TableRows): Pick<CatalogTable, 'columns' | 'defaults' | 'uniqueIndexes' | 'plainIndexes'> {
  const jsonColumns = jsonColumnsOf(checks);
  const data = columns.filter((row) => !isPeriod(row));
  return {
    columns: data.map((row) => describeColumn({ ...declared(row, jsonColumns), isMariaDb })),
    defaults: new Map(data.flatMap((row) => defaultOf(row, isMariaDb))),
    ...indexesOf(parts, columns.filter(isPeriod).map(nameOf)),
  };
}

/** MariaDB shows an expression: text has quotes, and NULL is a word. */
function defaultOf(row: Row, isMariaDb: boolean): (readonly [string, string])[] {
  const text = textOrNull(row.byDefault);
  if (text === null || (isMariaDb && text === 'NULL')) return [];
  const plain = isMariaDb ? (/^'(.*)'$/s.exec(text)?.[1]?.replaceAll("''", "'") ?? text) : text;
  return [[nameOf(row), plain.replace(/^current_timestamp(\(\))?/i, 'CURRENT_TIMESTAMP')]];
}

/** In a system-versioned table: the time of the write. The server makes it; it is not data. */
function isPeriod({ expression }: Row): boolean {
  return /^ROW (START|END)$/i.test(String(expression));
}

/** A column that the user may not see leaves a gap, except the last ones. */
function hasGap(columns: readonly Row[]): boolean {
  return columns.some(({ position }, i) => Number(position) !== i + 1);
}

/** Whether `SELECT *` is allowed. It is not when the user may not read a column. */
async function canReadAll(
  session: Session,
  { schema, table }: { readonly schema: string; readonly table: string },
  signal: AbortSignal,
): Promise<boolean> {
  try {
    // In a derived table, so that the driver does not need the names of its columns.
    await session.query(
      `SELECT 1 FROM (SELECT * FROM ${quoted(schema)}.${quoted(table)} LIMIT 0) AS every_column`,
      signal,
    );
    return true;
  } catch (error) {
    if (!DENIED.has(mysqlErrno(error))) throw error;
    return false;
  }
}

/** MariaDB's JSON is a LONGTEXT with a generated check. Only the check distinguishes it. */
function jsonColumnsOf(checks: readonly Row[]): ReadonlySet<string> {
  const names = checks.map(({ clause }) => /^json_valid\(`(.*)`\)$/i.exec(String(clause))?.[1]);
  return new Set(names.filter((name) => name !== undefined).map((name) => name.replaceAll('``', '`')));
}

function declared(row: Row, jsonColumns: ReadonlySet<string>): Omit<DeclaredColumn, 'isMariaDb'> {
  const dataType = String(row.dataType).toLowerCase();
  return {
    name: nameOf(row),
    type: String(row.type),
    dataType: dataType === 'longtext' && jsonColumns.has(nameOf(row)) ? 'json' : dataType,
    isNullable: row.nullable === 'YES',
    collation: textOrNull(row.collation),
    charset: textOrNull(row.charset),
  };
}

function nameOf({ name }: Row): string {
  return String(name);
}

function textOrNull(value: unknown): string | null {
  return value === null ? null : String(value);
}
