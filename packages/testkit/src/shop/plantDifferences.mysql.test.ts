// The oracle of the oracle: every other test trusts the planted list, so here it is compared with all rows of both
// sides, read the slow and simple way.

import type { Connection, RowDataPacket } from 'mysql2/promise';
import { expect, test } from 'vitest';
import { connect, dropDatabase, uniqueName } from '../servers/databases.ts';
import { sqlServer } from '../vitest/inject.ts';
import { createShop } from './createShop.ts';
import { type PlantedDifference, plantDifferences } from './plantDifferences.ts';
import type { ShopTable } from './shopTable.ts';
import { shopTables } from './shopTables.ts';

const ROWS = 6_000;

test.each(['SRC', 'DST'] as const)(
  'with base %s the planted list is exactly what differs',
  async (direction) => {
    const servers = { source: sqlServer('source'), destination: sqlServer('destination') };
    const database = uniqueName('shop');
    await createShop({ servers, database, rows: ROWS });
    const [source, destination] = [
      await connect(servers.source, database),
      await connect(servers.destination, database),
    ];
    try {
      const [base, target] = direction === 'SRC' ? [source, destination] : [destination, source];
      expect(await differences(base, target)).toEqual([]);
      const planted = await plantDifferences({ ...servers, database, seed: 11, direction });
      expect(await differences(base, target)).toEqual(sorted(planted));
      expect(new Set(planted.map(({ table, type }) => `${table} ${type}`)).size).toBe(16);
    } finally {
      await Promise.all([source.end(), destination.end()]);
      await Promise.all(Object.values(servers).map((server) => dropDatabase(server, database)));
    }
  },
);

async function differences(base: Connection, target: Connection): Promise<PlantedDifference[]> {
  const found = await Promise.all(shopTables.map((table) => differencesOf(table, base, target)));
  return sorted(found.flat());
}

async function differencesOf(
  table: ShopTable,
  base: Connection,
  target: Connection,
): Promise<PlantedDifference[]> {
  const [baseRows, targetRows] = [await rowsByKey(table, base), await rowsByKey(table, target)];
  const found: PlantedDifference[] = [];
  for (const [key, row] of baseRows) {
    const other = targetRows.get(key);
    const columns =
      other && Object.keys(row).filter((name) => !Object.is(text(row[name]), text(other[name])));
    const named = { table: table.name, key: JSON.parse(key) as Record<string, string> };
    if (columns === undefined) found.push({ ...named, type: 'target_missing' });
    else if (columns.length > 0) found.push({ ...named, type: 'neq', columns: columns.sort() });
  }
  for (const key of targetRows.keys()) {
    if (!baseRows.has(key)) found.push({ table: table.name, type: 'base_missing', key: JSON.parse(key) });
  }
  return found;
}

async function rowsByKey(table: ShopTable, connection: Connection): Promise<Map<string, RowDataPacket>> {
  const [rows] = await connection.query<RowDataPacket[]>(`SELECT * FROM ${table.name}`);
  const keyOf = (row: RowDataPacket) =>
    JSON.stringify(Object.fromEntries(table.key.map(({ name }) => [name, text(row[name])])));
  return new Map(rows.map((row) => [keyOf(row), row]));
}

function text(value: unknown): string | null {
  if (value === null) return null;
  return Buffer.isBuffer(value) ? value.toString('hex') : String(value);
}

function sorted(list: readonly PlantedDifference[]): PlantedDifference[] {
  return [...list].sort((left, right) => (JSON.stringify(idOf(left)) < JSON.stringify(idOf(right)) ? -1 : 1));
}

function idOf({ table, type, key }: PlantedDifference) {
  return [table, type, key];
}
