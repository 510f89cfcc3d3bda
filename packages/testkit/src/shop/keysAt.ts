// The keys of the rows at given positions in key order: one pass over the key for a table of any size, and
// never more than the wanted keys in memory.

import type { Connection as CallbackConnection } from 'mysql2';
import type { Connection } from 'mysql2/promise';
import { type KeyValues, keySelectList, type ShopTable } from './shopTable.ts';

export async function keysAt(
  connection: Connection,
  table: ShopTable,
  positions: readonly number[],
): Promise<(position: number) => KeyValues> {
  const wanted = new Set(positions);
  const found = new Map<number, KeyValues>();
  if (wanted.size > 0) {
    const order = table.key.map(({ name }) => name).join(', ');
    const sql = `SELECT ${keySelectList(table)} FROM ${table.name} ORDER BY ${order}`;
    let position = 0;
    for await (const row of callbackConnection(connection).query({ sql, rowsAsArray: true }).stream()) {
      if (wanted.has(position)) found.set(position, row as string[]);
      position += 1;
    }
  }
  return (position) => {
    const key = found.get(position);
    if (key === undefined) throw new Error(`${table.name} has no row at position ${position}`);
    return key;
  };
}

/** mysql2's promise connection wraps one that can stream; its types do not show it. */
function callbackConnection(connection: Connection): CallbackConnection {
  return (connection as unknown as { readonly connection: CallbackConnection }).connection;
}
