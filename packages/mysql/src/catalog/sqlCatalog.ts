/** Reads schemas and the optimizer's estimates from one server: what planning needs. */
import type { KeyRange, KeyTuple, ServerIdentity } from '@rowparity/contracts';
import type { Catalog, CatalogColumn, CatalogIndex, CatalogTable, ProbeKey } from '@rowparity/core';
import type { Row, Session } from '../connection/session.ts';
import type { SessionShelf } from '../connection/sessionShelf.ts';
import { quoted } from '../rows/quoted.ts';
import { asPlaceholder, type Condition, rangeCondition, rangeFrom, UNBOUNDED } from '../rows/rangeSql.ts';
import { rowValues } from '../wire/binaryRow.ts';
import { PageBuffer } from '../wire/pageBuffer.ts';
import { valueText } from '../wire/valueText.ts';
import type { WireColumn } from '../wire/wireColumn.ts';
import { identifyServer } from './identifyServer.ts';

const KEY_BYTES_MAX = 1024 * 1024;

export class SqlCatalog implements Catalog {
  readonly #shelf: SessionShelf;

  constructor(shelf: SessionShelf) {
    this.#shelf = shelf;
  }

  identify(signal: AbortSignal): Promise<ServerIdentity> {
    return this.#with((session) => identifyServer(session, signal));
  }

  async listTables(signal: AbortSignal): Promise<readonly string[]> {
    const rows = await this.#query(
      (session) =>
        `SELECT TABLE_NAME AS name FROM information_schema.TABLES
         WHERE TABLE_SCHEMA = ${this.#schema(session)} AND TABLE_TYPE = 'BASE TABLE' ORDER BY TABLE_NAME`,
      signal,
    );
    return rows.map((row) => String(row.name));
  }

  async describe(table: string, signal: AbortSignal): Promise<CatalogTable | undefined> {
    const where = (session: Session) =>
      `WHERE TABLE_SCHEMA = ${this.#schema(session)} AND TABLE_NAME = ${session.literal({ kind: 'text', text: table })}`;
    const [found] = await this.#query(
      (session) =>
        `SELECT TABLE_NAME AS name, TABLE_ROWS AS estimated FROM information_schema.TABLES
         ${where(session)} AND TABLE_TYPE = 'BASE TABLE'`,
      signal,
    );
    if (!found) return undefined;
    const columns = await this.#query(
      (session) =>
        `SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, DATA_TYPE AS dataType, IS_NULLABLE AS nullable,
                COLLATION_NAME AS collation, CHARACTER_SET_NAME AS charset
         FROM information_schema.COLUMNS ${where(session)} ORDER BY ORDINAL_POSITION`,
      signal,
    );
    const jsonColumns = await this.#jsonColumns(where, signal);
    const indexes = await this.#query(
      (session) => `SELECT * FROM information_schema.STATISTICS ${where(session)} AND NON_UNIQUE = 0
                    ORDER BY INDEX_NAME, SEQ_IN_INDEX`,
      signal,
    );
    return {
      schema: this.#shelf.database,
      table: String(found.name),
      columns: columns.map((row) => columnOf(row, jsonColumns)),
      uniqueIndexes: indexesOf(indexes),
      estimatedRows: Number(found.estimated ?? 0),
    };
  }

  /** MariaDB's JSON is a LONGTEXT with a check of its own making, and only the check tells. */
  async #jsonColumns(where: (session: Session) => string, signal: AbortSignal): Promise<ReadonlySet<string>> {
    const checks = await this.#query(
      (session) =>
        session.isMariaDb
          ? `SELECT CHECK_CLAUSE AS clause FROM information_schema.CHECK_CONSTRAINTS
             ${where(session).replace('TABLE_SCHEMA', 'CONSTRAINT_SCHEMA')}`
          : 'SELECT NULL AS clause FROM DUAL WHERE FALSE',
      signal,
    );
    const names = checks.map(({ clause }) => /^json_valid\(`(.*)`\)$/i.exec(String(clause))?.[1]);
    return new Set(names.filter((name) => name !== undefined).map((name) => name.replaceAll('``', '`')));
  }

  async bounds(key: ProbeKey, signal: AbortSignal): Promise<{ min: KeyTuple; max: KeyTuple } | undefined> {
    const [min] = await this.#keys(key, 'ASC', UNBOUNDED, 'LIMIT 1', signal);
    const [max] = await this.#keys(key, 'DESC', UNBOUNDED, 'LIMIT 1', signal);
    return min && max ? { min, max } : undefined;
  }

  async keyBehind(
    key: ProbeKey,
    at: { readonly range: KeyRange; readonly rows: number },
    signal: AbortSignal,
  ): Promise<KeyTuple | undefined> {
    const condition = rangeCondition(key.columns, at.range);
    const [found] = await this.#keys(key, 'ASC', condition, `LIMIT 1 OFFSET ${at.rows - 1}`, signal);
    return found;
  }

  async keyFrom(
    key: ProbeKey,
    at: { readonly range: KeyRange; readonly from: string },
    signal: AbortSignal,
  ): Promise<KeyTuple | undefined> {
    const condition = rangeFrom(key.columns, at.range, at.from);
    const [found] = await this.#keys(key, 'ASC', condition, 'LIMIT 1', signal);
    return found;
  }

  async estimateRows(key: ProbeKey, range: KeyRange, signal: AbortSignal): Promise<number> {
    const condition = rangeCondition(key.columns, range);
    const rows = await this.#query((session) => {
      const filled = condition.sql((parameter) => session.literal(parameter));
      const where = filled ? ` WHERE ${filled}` : '';
      const format = session.isMariaDb ? '' : 'FORMAT=TRADITIONAL ';
      return `EXPLAIN ${format}SELECT ${keyList(key)} FROM ${from(key, 'USE')}${where}`;
    }, signal);
    const [plan] = rows;
    // No `rows`: "Impossible WHERE" and the like, which is a fact and not a fault.
    return Number(plan?.rows ?? 0);
  }

  async tryPredicate(
    of: { readonly table: string; readonly where: string },
    signal: AbortSignal,
  ): Promise<void> {
    const from = `${quoted(this.#shelf.database)}.${quoted(of.table)}`;
    await this.#query(() => `SELECT 1 FROM ${from} WHERE (${of.where}) LIMIT 0`, signal);
  }

  async close(): Promise<void> {
    await this.#shelf.close();
  }

  async #keys(
    key: ProbeKey,
    order: 'ASC' | 'DESC',
    condition: Condition,
    limit: string,
    signal: AbortSignal,
  ): Promise<KeyTuple[]> {
    const wanted = condition.sql(asPlaceholder);
    const where = wanted ? ` WHERE ${wanted}` : '';
    const orderBy = key.columns.map(({ name }) => `${quoted(name)} ${order}`).join(', ');
    const sql = `SELECT ${keyList(key)} FROM ${from(key)}${where} ORDER BY ${orderBy} ${limit}`;
    const page = new PageBuffer();
    const kinds = key.columns.map(({ kind }) => kind);
    const of = `Table ${key.table} on ${this.#shelf.place}`;
    page.reset(KEY_BYTES_MAX, { of, columns: kinds.length, rowsMax: 1, key: kinds, isOrdered: false });
    await this.#with((session) => session.readRows(sql, condition.parameters, page, signal));
    return Array.from({ length: page.rows }, (_, row) => {
      const values = rowValues(page.bytes, page.bounds[2 * row] as number, page.columns);
      return key.columns.map(({ kind }, i) =>
        valueText(values[i] as Buffer, page.columns[i] as WireColumn, kind),
      );
    });
  }

  #query(sql: (session: Session) => string, signal: AbortSignal): Promise<readonly Row[]> {
    return this.#with((session) => session.query(sql(session), signal));
  }

  async #with<T>(use: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.#shelf.take();
    try {
      return await use(session);
    } finally {
      await this.#shelf.giveBack(session);
    }
  }

  #schema(session: Session): string {
    return session.literal({ kind: 'text', text: this.#shelf.database });
  }
}

function keyList(key: ProbeKey): string {
  return key.columns.map(({ name }) => quoted(name)).join(', ');
}

/** An estimate needs USE: under FORCE INDEX, MySQL 8 and later skip the index dives and answer 1. */
function from(key: ProbeKey, hint: 'FORCE' | 'USE' = 'FORCE'): string {
  return `${quoted(key.schema)}.${quoted(key.table)} ${hint} INDEX (${quoted(key.index)})`;
}

function columnOf(row: Row, jsonColumns: ReadonlySet<string>): CatalogColumn {
  const type = String(row.type);
  const dataType = String(row.dataType).toLowerCase();
  return {
    name: String(row.name),
    type,
    dataType: dataType === 'longtext' && jsonColumns.has(String(row.name)) ? 'json' : dataType,
    isNullable: row.nullable === 'YES',
    isUnsigned: /\bunsigned\b/i.test(type),
    collation: row.collation === null ? null : String(row.collation),
    charset: row.charset === null ? null : String(row.charset),
  };
}

function indexesOf(parts: readonly Row[]): CatalogIndex[] {
  const byName = Map.groupBy(parts, (part) => String(part.INDEX_NAME));
  const indexes = [...byName].map(([name, rows]) => ({
    name,
    isPrimary: name === 'PRIMARY',
    columns: rows.map((row) => String(row.COLUMN_NAME)),
    isPlain: rows.every((row) => row.SUB_PART === null && row.COLUMN_NAME !== null && row.COLLATION === 'A'),
  }));
  return indexes.sort((a, b) => Number(b.isPrimary) - Number(a.isPrimary));
}
