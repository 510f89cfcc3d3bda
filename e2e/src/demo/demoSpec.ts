// The run that the demo orders.

import type { RunSpecInput } from '@rowparity/contracts';
import type { DemoOptions } from './options.ts';

export const TOPIC = 'dbMove';

/** Shards enough for a progress bar that moves, and rows enough in each that the queue costs little. */
const SHARDS_WANTED = 50;
const SHARD_ROWS_MIN = 1000;
const SHARD_ROWS_MAX = 50_000;
/** Nothing else writes to the shop: short delays are enough. */
const RECHECK_DELAYS_MS = [200, 400];

export function demoSpec({ rows, seed, direction }: DemoOptions): RunSpecInput & { runId: string } {
  const shardRows = Math.round(rows / SHARDS_WANTED);
  return {
    version: 1,
    runId: `demo-${seed}-${Date.now().toString(36)}`,
    source: 'source',
    destination: 'destination',
    direction,
    tables: [{ pattern: '*' }],
    shard: { rows: Math.min(SHARD_ROWS_MAX, Math.max(SHARD_ROWS_MIN, shardRows)) },
    recheck: { delaysMs: RECHECK_DELAYS_MS },
    events: { topic: TOPIC },
  };
}
