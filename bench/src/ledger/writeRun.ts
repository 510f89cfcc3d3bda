/** Writes a run with as many shards as wanted into the ledger, as a coordinator that planned them would. */
import { type KeyRange, type RunSpecInput, runSpec } from '@rowparity/contracts';
import type { Ledger } from '@rowparity/core';
import { ANY_PLAN } from '../shared/anyPlan.ts';

/** As planRun writes them. */
const SHARDS_A_WRITE = 1000;
/** Keys are as long as those of a large table. */
const FIRST_KEY = 1_000_000_000;

export interface WantedRun {
  readonly runId: string;
  readonly shards: number;
  readonly rowsAShard?: number;
  readonly window?: number;
}

/** From here on the run is `running`: workers may claim its shards. Its table is never read. */
export async function writeRun(ledger: Ledger, { runId, shards, rowsAShard, window }: WantedRun) {
  const spec: RunSpecInput = {
    version: 1,
    runId,
    source: 'source',
    destination: 'destination',
    direction: 'SRC',
    tables: [{ name: 'orders' }],
    shard: { ...(window ? { window } : {}) },
  };
  await ledger.createRun(runSpec.parse(spec), Date.now());
  const planning = await ledger.beginPlanning(runId);
  for (let first = 0; first < shards; first += SHARDS_A_WRITE) {
    const slice = shardsOf({
      from: first,
      upTo: Math.min(shards, first + SHARDS_A_WRITE),
      shards,
      rowsAShard,
    });
    await ledger.addShards(planning, slice);
  }
  const record = {
    names: { source: 'orders', destination: 'orders' },
    plan: ANY_PLAN,
    refusal: null,
    shards,
    estimatedRows: shards,
  };
  await ledger.completePlan(planning, { tables: [record], now: Date.now() });
}

export interface ShardsOf {
  readonly from: number;
  readonly upTo: number;
  /** Of the whole plan: its ends are open. */
  readonly shards: number;
  readonly rowsAShard?: number | undefined;
}

export function shardsOf({ from, upTo, shards, rowsAShard = 100_000 }: ShardsOf) {
  const keyAt = (shard: number) => [String(FIRST_KEY + shard * rowsAShard)];
  return Array.from({ length: upTo - from }, (_, place) => {
    const shard = from + place;
    const range: KeyRange = {
      after: shard === 0 ? null : keyAt(shard),
      upTo: shard === shards - 1 ? null : keyAt(shard + 1),
    };
    return { shard, table: 0, range };
  });
}
