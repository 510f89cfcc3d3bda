// What really differs, by reading both databases whole while nothing is written. Knows nothing of the product.

import { connect, type SideName, type SqlServer } from '@rowparity/testkit';
import type { Plant } from './plants.ts';
import { LIVE_TABLES, type LiveTable } from './tables.ts';

export interface TrueDifference extends Pick<Plant, 'table' | 'kind'> {
  /** Column to text, as events name it. */
  readonly key: Readonly<Record<string, string>>;
}

export async function readTruth(
  servers: Readonly<Record<SideName, SqlServer>>,
  database: string,
): Promise<readonly TrueDifference[]> {
  const found: TrueDifference[] = [];
  for (const table of Object.values(LIVE_TABLES)) {
    const [source, destination] = await Promise.all([
      readRows(servers.source, database, table),
      readRows(servers.destination, database, table),
    ]);
    for (const [name, { key, row }] of source) {
      const other = destination.get(name);
      if (other?.row === row) continue;
      found.push({ table: table.name, kind: other ? 'differs' : 'missing_on_destination', key });
    }
    for (const [name, { key }] of destination) {
      if (!source.has(name)) found.push({ table: table.name, kind: 'only_on_destination', key });
    }
  }
  return found;
}

interface TrueRow {
  readonly key: Readonly<Record<string, string>>;
  /** All values as text. */
  readonly row: string;
}

async function readRows(
  server: SqlServer,
  database: string,
  table: LiveTable,
): Promise<Map<string, TrueRow>> {
  const connection = await connect(server, database);
  try {
    const [rows] = (await connection.query(`SELECT * FROM ${table.name}`)) as unknown as [
      Record<string, unknown>[],
    ];
    return new Map(
      rows.map((row) => {
        const key = Object.fromEntries(table.key.map((column) => [column, textOf(row[column])]));
        return [JSON.stringify(key), { key, row: JSON.stringify(Object.values(row).map(textOf)) }];
      }),
    );
  } finally {
    await connection.end();
  }
}

function textOf(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString('hex') : String(value);
}
