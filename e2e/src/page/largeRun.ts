// A settled run of a hundred thousand shards and as many differences, as a fleet would leave it in the ledger.

import { type PlacedTablePlan, runSpec, type TableRecord, zeroCounts } from '@rowparity/contracts';
import type { createRedisLedger } from '@rowparity/redis';

type Ledger = ReturnType<typeof createRedisLedger>;
type Known = NonNullable<Parameters<Ledger['finish']>[1]['known']>;

export interface WantedRun {
  readonly runId: string;
  readonly tables: number;
  readonly shardsATable: number;
  /** Each has one difference. */
  readonly doneShards: number;
}

const SHARDS_A_WRITE = 1000;
const SIDE_BY_SIDE = 200;
const KEY_SPACE = '0123456789abcdef';
const ID_DIGITS = 32;
const STRIKES_MAX = 10;

/** The run is settled where all of its shards are done. */
export async function writeLargeRun(ledger: Ledger, wanted: WantedRun): Promise<void> {
  const { runId, tables, shardsATable, doneShards } = wanted;
  const total = tables * shardsATable;
  const spec = { version: 1, runId, source: 'source', destination: 'destination', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ pattern: '*' }] }), Date.now());
  const planning = await ledger.beginPlanning(runId);
  for (let first = 0; first < total; first += SHARDS_A_WRITE) {
    const length = Math.min(SHARDS_A_WRITE, total - first);
    const shards = Array.from({ length }, (_, i) => plannedShard(first + i, shardsATable));
    await ledger.addShards(planning, shards);
  }
  const records = Array.from({ length: tables }, (_, i) =>
    tableRecord(`orders_of_region_${i}`, shardsATable),
  );
  await ledger.completePlan(planning, { tables: records, now: Date.now() });
  for (let first = 0; first < doneShards; first += SIDE_BY_SIDE) {
    const length = Math.min(SIDE_BY_SIDE, doneShards - first);
    await Promise.all(Array.from({ length }, (_, i) => finishShard(ledger, runId, first + i)));
  }
  if (doneShards === total)
    await ledger.settle(runId, { verdict: 'inconsistent', failure: null, now: Date.now() });
}

function plannedShard(shard: number, shardsATable: number) {
  const place = shard % shardsATable;
  const keyAt = (cut: number) => (cut === 0 || cut === shardsATable ? null : [String(cut * 1000)]);
  return {
    shard,
    table: Math.floor(shard / shardsATable),
    range: { after: keyAt(place), upTo: keyAt(place + 1) },
  };
}

async function finishShard(ledger: Ledger, runId: string, shard: number): Promise<void> {
  const claim = await ledger.claim({ runId, shard, holder: 'w', strikesMax: STRIKES_MAX, now: Date.now() });
  if (claim.kind !== 'claimed') throw new Error(`expected to claim shard ${shard}, found ${claim.kind}`);
  const now = Date.now();
  const add = { ...zeroCounts(), rowsBase: 1000, rowsTarget: 1000, neq: 1, candidates: 1 };
  const known: Known = {
    keep: 1000,
    beyond: 0,
    rows: [
      {
        key: [String(shard)],
        keySpace: KEY_SPACE,
        rowId: shard.toString(16).padStart(ID_DIGITS, '0'),
        type: 'neq',
        columns: ['balance'],
        causes: [{ code: 'rounded', at: 1 }],
        state: 'new',
        firstSeen: now,
        lastSeen: now,
        generations: 1,
      },
    ],
  };
  await ledger.finish(claim.hold, { checkpoint: null, add, outcome: 'differs', failure: null, known }, now);
}

function tableRecord(name: string, shards: number): TableRecord {
  const place = { schema: 'shop', table: name };
  const plan: PlacedTablePlan = {
    tables: { source: place, destination: place },
    columns: [
      {
        ...{ names: { source: 'id', destination: 'id' }, types: { source: 'bigint', destination: 'bigint' } },
        ...{ readAs: { kind: 'plain' }, rules: [] },
      },
    ],
    key: [{ column: 0, kind: 'integer' }],
    indexes: { source: 'PRIMARY', destination: 'PRIMARY' },
    where: null,
  };
  return {
    names: { source: name, destination: name },
    plan,
    refusal: null,
    shards,
    estimatedRows: 1000 * shards,
  };
}
