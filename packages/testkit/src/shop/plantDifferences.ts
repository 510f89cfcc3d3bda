// Damages one side of a fresh shop in known places and returns exactly what a validation must find.
// To be called once per shop: it takes for granted that both sides are equal before.

import type { Connection, ResultSetHeader } from 'mysql2/promise';
import { type SeededRandom, seededRandom } from '../random/seededRandom.ts';
import { connect } from '../servers/databases.ts';
import type { SqlAddress } from '../servers/server.ts';
import { choosePlants, type PlantCounts } from './choosePlants.ts';
import { keysAt } from './keysAt.ts';
import { type KeyValues, keyRecord, rowLiteral, type ShopTable, whereKey } from './shopTable.ts';
import { shopTables } from './shopTables.ts';

export interface PlantOptions {
  readonly source: SqlAddress;
  readonly destination: SqlAddress;
  readonly database: string;
  readonly seed: number;
  /** Which side is right: SRC takes the source for the base, DST the destination. */
  readonly direction: 'SRC' | 'DST';
  /** Of each type, in each table that has the rows for it. */
  readonly counts?: Partial<PlantCounts>;
}

export interface PlantedDifference {
  readonly table: string;
  readonly type: 'target_missing' | 'neq' | 'base_missing';
  /** Column to value: decimal digits for integers, lower-case hex for binary keys. */
  readonly key: Readonly<Record<string, string>>;
  /** For neq: the names of the columns that differ, sorted. */
  readonly columns?: readonly string[];
}

const COUNTS_DEFAULT: PlantCounts = { target_missing: 24, neq: 36, base_missing: 24 };
// Every so manieth changed row gets a second changed column.
const SECOND_CHANGE_EVERY = 5;

export async function plantDifferences(options: PlantOptions): Promise<PlantedDifference[]> {
  const { source, destination, database, direction, seed } = options;
  const [baseServer, targetServer] = direction === 'SRC' ? [source, destination] : [destination, source];
  const base = await connect(baseServer, database);
  const target = await connect(targetServer, database);
  try {
    await Promise.all([base.query('BEGIN'), target.query('BEGIN')]);
    const counts = { ...COUNTS_DEFAULT, ...options.counts };
    const planted: PlantedDifference[] = [];
    for (const [index, table] of shopTables.entries()) {
      const random = seededRandom(seed * 100 + index);
      planted.push(...(await plantInTable({ base, target, table, counts, random })));
    }
    await Promise.all([base.query('COMMIT'), target.query('COMMIT')]);
    return planted;
  } finally {
    await Promise.all([base.end(), target.end()]);
  }
}

interface TableWork {
  readonly base: Connection;
  readonly target: Connection;
  readonly table: ShopTable;
  readonly counts: PlantCounts;
  readonly random: SeededRandom;
}

async function plantInTable({
  base,
  target,
  table,
  counts,
  random,
}: TableWork): Promise<PlantedDifference[]> {
  const planted: PlantedDifference[] = [];
  const note = (type: PlantedDifference['type'], key: KeyValues, columns?: readonly string[]) =>
    planted.push({ table: table.name, type, key: keyRecord(table, key), ...(columns && { columns }) });

  const rowCount = await countRows(target, table);
  const chosen = choosePlants({ rowCount, counts, random });
  const keyAt = await keysAt(target, table, [
    ...chosen.deleteOnTarget,
    ...chosen.change,
    ...chosen.deleteOnBase,
  ]);

  for (const position of chosen.deleteOnTarget) {
    await deleteRow(target, table, keyAt(position));
    note('target_missing', keyAt(position));
  }
  for (const position of chosen.deleteOnBase) {
    await deleteRow(base, table, keyAt(position));
    note('base_missing', keyAt(position));
  }
  const mutations = random.shuffle(table.mutations);
  for (const [index, position] of chosen.change.entries()) {
    const first = mutations[index % mutations.length];
    const second = mutations.find(({ column }) => column !== first?.column);
    const both = index % SECOND_CHANGE_EVERY === 0 ? [first, second] : [first];
    const changes = both.filter((mutation) => mutation !== undefined);
    await changeRow({ target, table, key: keyAt(position), changes });
    note('neq', keyAt(position), changes.map(({ column }) => column).sort());
  }
  const strangers = new Map<string, KeyValues>();
  for (const place of chosen.insertOnTarget) {
    let key = table.strangers[place](random, rowCount);
    while (strangers.has(key.join())) key = table.strangers[place](random, rowCount);
    strangers.set(key.join(), key);
  }
  for (const key of strangers.values()) {
    await insertRow(target, `INSERT INTO ${table.name} VALUES ${rowLiteral(table, key, random)}`);
    note('base_missing', key);
  }
  return planted;
}

async function countRows(connection: Connection, table: ShopTable): Promise<number> {
  const [rows] = await connection.query({ sql: `SELECT COUNT(*) FROM ${table.name}`, rowsAsArray: true });
  return Number((rows as unknown[][])[0]?.[0]);
}

async function deleteRow(connection: Connection, table: ShopTable, key: KeyValues): Promise<void> {
  const sql = `DELETE FROM ${table.name} WHERE ${whereKey(table, key)}`;
  const [{ affectedRows }] = await connection.query<ResultSetHeader>(sql);
  mustBeOne(affectedRows, sql);
}

interface Change {
  readonly target: Connection;
  readonly table: ShopTable;
  readonly key: KeyValues;
  readonly changes: ShopTable['mutations'];
}

async function changeRow({ target, table, key, changes }: Change): Promise<void> {
  const assignments = changes.map(({ column, expression }) => `${column} = ${expression}`).join(', ');
  const sql = `UPDATE ${table.name} SET ${assignments} WHERE ${whereKey(table, key)}`;
  const [{ changedRows }] = await target.query<ResultSetHeader & { changedRows: number }>(sql);
  mustBeOne(changedRows, sql);
}

async function insertRow(connection: Connection, sql: string): Promise<void> {
  const [{ affectedRows }] = await connection.query<ResultSetHeader>(sql);
  mustBeOne(affectedRows, sql);
}

function mustBeOne(rows: number, sql: string): void {
  if (rows !== 1) throw new Error(`planting must change exactly one row, changed ${rows}: ${sql}`);
}
