/** The contenders beside the engine: the limit, and the tools that a user would choose instead. */
import { mapSides, type Sides } from '@rowparity/core';
import type { SessionPool } from '@rowparity/mysql';
import { streamRows } from '@rowparity/mysql/testing';
import { connect, type SqlServer } from '@rowparity/testkit';
import { noSignal, planOf } from './compareTable.ts';
import { type BenchServers, DATABASE } from './tables.ts';

/** Both row streams in the binary protocol, read and thrown away: as fast as reading can be. */
export async function readBoth(pools: Sides<SessionPool>, table: string): Promise<number> {
  const plan = await planOf(pools, table);
  const reads = mapSides(pools, (pool, side) => streamRows(pool, { plan, side }, noSignal));
  const [base] = await Promise.all([reads.base, reads.target]);
  return base;
}

export type Digest = 'crc32' | 'sha2';

/** A checksum of the whole table on both servers in parallel, in the manner of pt-table-checksum. */
export async function checksumBoth(servers: BenchServers, table: string, digest: Digest): Promise<boolean> {
  const [a, b] = await Promise.all([
    checksum(servers.source, table, digest),
    checksum(servers.destination, table, digest),
  ]);
  return a === b;
}

async function checksum(server: SqlServer, table: string, digest: Digest): Promise<string> {
  const connection = await connect(server, DATABASE);
  const [columns] = await connection.query(`SHOW COLUMNS FROM ${table}`);
  const names = (columns as { Field: string; Null: string }[]).map(({ Field }) => `\`${Field}\``);
  const nullable = (columns as { Field: string; Null: string }[]).filter(({ Null }) => Null === 'YES');
  const nulls =
    nullable.length > 0 ? `, CONCAT(${nullable.map(({ Field }) => `ISNULL(\`${Field}\`)`).join(', ')})` : '';
  const row = `CONCAT_WS('#', ${names.join(', ')}${nulls})`;
  const hash =
    digest === 'crc32' ? `CRC32(${row})` : `CAST(CONV(LEFT(SHA2(${row}, 256), 16), 16, 10) AS UNSIGNED)`;
  const [rows] = await connection.query(`SELECT COUNT(*) AS n, BIT_XOR(${hash}) AS x FROM ${table}`);
  await connection.end();
  return JSON.stringify(rows);
}

/** Reads `sample` rows from the source and asks the destination for each by key. Returns the seconds for all rows. */
export async function pointReads(
  servers: BenchServers,
  table: string,
  of: { readonly sample: number; readonly rows: number },
): Promise<number> {
  const [source, destination] = await Promise.all([
    connect(servers.source, DATABASE),
    connect(servers.destination, DATABASE),
  ]);
  const [keys] = await source.query(`SELECT id FROM ${table} ORDER BY id LIMIT ${of.sample}`);
  const begin = performance.now();
  for (const { id } of keys as { id: string }[]) {
    const [[a], [b]] = await Promise.all([
      source.execute(`SELECT * FROM ${table} WHERE id = ?`, [id]),
      destination.execute(`SELECT * FROM ${table} WHERE id = ?`, [id]),
    ]);
    if (JSON.stringify(a) !== JSON.stringify(b)) throw new Error('the sample must be equal');
  }
  const seconds = ((performance.now() - begin) / 1000) * (of.rows / of.sample);
  await Promise.all([source.end(), destination.end()]);
  return seconds;
}
