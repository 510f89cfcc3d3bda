/** The schema of one table: its columns, its unique indexes, and whether there is more than the user may see. */
import type { CatalogColumn, CatalogTable } from '@rowparity/core';
import { mysqlErrno } from '../connection/faultOf.ts';
import type { Row, Session } from '../connection/session.ts';
import { quoted } from '../rows/quoted.ts';
import { uniqueIndexesOf } from './uniqueIndexes.ts';

interface TablePlace {
  readonly schema: string;
  readonly table: string;
}

/** ER_TABLEACCESS_DENIED_ERROR, ER_COLUMNACCESS_DENIED_ERROR. */
const DENIED: ReadonlySet<number | undefined> = new Set([1142, 1143]);

/** Undefined when there is no such table, or it is a view or a sequence. */
export async function describeTable(
  session: Session,
  place: TablePlace,
  signal: AbortSignal,
): Promise<CatalogTable | undefined> {
  const where = `WHERE TABLE_SCHEMA = ${session.escape(place.schema)} AND TABLE_NAME = ${session.escape(place.table)}`;
  const [found] = await session.query(
    `SELECT TABLE_NAME AS name, TABLE_ROWS AS estimated FROM information_schema.TABLES
     ${where} AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')`,
    signal,
  );
  if (!found) return undefined;
  const columns = await session.query(
    `SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, DATA_TYPE AS dataType, IS_NULLABLE AS nullable,
            COLLATION_NAME AS collation, CHARACTER_SET_NAME AS charset, ORDINAL_POSITION AS position,
            GENERATION_EXPRESSION AS expression
     FROM information_schema.COLUMNS ${where} ORDER BY ORDINAL_POSITION`,
    signal,
  );
  const jsonColumns = session.isMariaDb ? await jsonColumnsOf(session, where, signal) : new Set<string>();
  const indexes = await session.query(
    `SELECT * FROM information_schema.STATISTICS ${where} AND NON_UNIQUE = 0 ORDER BY INDEX_NAME, SEQ_IN_INDEX`,
    signal,
  );
  const data = columns.filter((row) => !isPeriod(row));
  return {
    schema: place.schema,
    table: String(found.name),
    columns: data.map((row) => columnOf(row, jsonColumns)),
    uniqueIndexes: uniqueIndexesOf(indexes, columns.filter(isPeriod).map(nameOf)),
    estimatedRows: Number(found.estimated ?? 0),
    isMariaDb: session.isMariaDb,
    hasHiddenColumns: hasGap(columns) || !(await canReadAll(session, place, signal)),
  };
}

/** Of a system-versioned table: when a row was written, which is the server's own and no data. */
function isPeriod({ expression }: Row): boolean {
  return /^ROW (START|END)$/i.test(String(expression));
}

/** A column that the user may not see leaves a gap, except the last ones. */
function hasGap(columns: readonly Row[]): boolean {
  return columns.some(({ position }, i) => Number(position) !== i + 1);
}

/** Whether `SELECT *` is allowed: it is not where a column is out of sight. */
async function canReadAll(
  session: Session,
  { schema, table }: TablePlace,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    // In a derived table: the driver need not know the names of its columns.
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

/** MariaDB's JSON is a LONGTEXT with a check of its own making, and only the check tells. */
async function jsonColumnsOf(
  session: Session,
  where: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const checks = await session.query(
    `SELECT CHECK_CLAUSE AS clause FROM information_schema.CHECK_CONSTRAINTS
     ${where.replace('TABLE_SCHEMA', 'CONSTRAINT_SCHEMA')}`,
    signal,
  );
  const names = checks.map(({ clause }) => /^json_valid\(`(.*)`\)$/i.exec(String(clause))?.[1]);
  return new Set(names.filter((name) => name !== undefined).map((name) => name.replaceAll('``', '`')));
}

function columnOf(row: Row, jsonColumns: ReadonlySet<string>): CatalogColumn {
  const type = String(row.type);
  const dataType = String(row.dataType).toLowerCase();
  return {
    name: nameOf(row),
    type,
    dataType: dataType === 'longtext' && jsonColumns.has(nameOf(row)) ? 'json' : dataType,
    isNullable: row.nullable === 'YES',
    isUnsigned: /\bunsigned\b/i.test(type),
    collation: textOrNull(row.collation),
    charset: charsetOf(textOrNull(row.charset)),
  };
}

/** One name for a character set that older servers call by another. */
function charsetOf(name: string | null): string | null {
  return name === 'utf8' ? 'utf8mb3' : name;
}

function nameOf({ name }: Row): string {
  return String(name);
}

function textOrNull(value: unknown): string | null {
  return value === null ? null : String(value);
}
