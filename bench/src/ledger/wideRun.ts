/** A run of many tables in the ledger, as a coordinator that planned it would leave it. */
import { runSpec, type TableRecord } from '@rowparity/contracts';
import type { Ledger } from '@rowparity/core';

export interface WideRun {
  readonly runId: string;
  readonly tables: number;
  readonly columns: number;
}

/** One shard a table, none of them done. */
export async function writeWideRun(ledger: Ledger, { runId, tables, columns }: WideRun): Promise<void> {
  const names = Array.from({ length: tables }, (_, table) => `orders_of_region_${table}`);
  const spec = { version: 1, runId, source: 'source', destination: 'destination', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: names.map((name) => ({ name })) }), Date.now());
  const planning = await ledger.beginPlanning(runId);
  const range = { after: null, upTo: null };
  await ledger.addShards(
    planning,
    names.map((_, shard) => ({ shard, table: shard, range })),
  );
  const records = names.map((name) => tableOf(name, columns));
  await ledger.completePlan(planning, { tables: records, now: Date.now() });
}

function tableOf(name: string, length: number): TableRecord {
  const columns = Array.from({ length }, (_, column) => `column_with_a_name_${column}`);
  const parts = Object.fromEntries(columns.map((column) => [`column ${column}`, '0123456789ab']));
  return {
    names: { source: name, destination: name },
    plan: {
      tables: { source: { schema: 'shop', table: name }, destination: { schema: 'shop', table: name } },
      columns: columns.map((column) => ({
        names: { source: column, destination: column },
        types: { source: 'varchar(100)', destination: 'varchar(100)' },
        readAs: { kind: 'plain' },
        rules: [],
      })),
      key: [{ column: 0, kind: 'integer' }],
      indexes: { source: 'PRIMARY', destination: 'PRIMARY' },
      where: null,
    },
    refusal: null,
    shards: 1,
    estimatedRows: 1000,
    schemas: { source: parts, destination: parts },
  };
}
