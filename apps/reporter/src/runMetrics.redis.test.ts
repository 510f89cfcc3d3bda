import { runSpec } from '@rowparity/contracts';
import type { Ledger } from '@rowparity/core';
import { closeRedis, connectRedis, createRedisLedger, openRedisReadings } from '@rowparity/redis';
import { systemClock } from '@rowparity/runtime';
import { freshRedisPrefix, redisServer } from '@rowparity/testkit/vitest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runMetrics } from './runMetrics.ts';

let redis: ReturnType<typeof connectRedis>;
let prefix: string;
let ledger: Ledger;

beforeEach(() => {
  prefix = freshRedisPrefix();
  redis = connectRedis({ url: redisServer().url, use: 'http', onError: () => {} });
  ledger = createRedisLedger(redis, { clock: systemClock, prefix });
});

afterEach(async () => {
  const keys = await redis.keys(`${prefix}*`);
  if (keys.length > 0) await redis.unlink(...keys);
  await closeRedis(redis);
});

async function plannedRun(runId: string): Promise<void> {
  const spec = { version: 1, runId, source: 's', destination: 'd', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }] }), 1);
  const planning = await ledger.beginPlanning(runId);
  await ledger.addShards(planning, [{ shard: 0, table: 0, range: { after: null, upTo: null } }]);
  const names = { source: 't', destination: 't' };
  const table = { names, plan: null, refusal: null, shards: 1, estimatedRows: 1 };
  await ledger.completePlan(planning, { tables: [table], now: 2 });
}

const shardsOf = (runId: string) => `rowparity_run_shards{run="${runId}",state="planned",app="reporter"} 1`;

it('metrics answer beside damaged headers, specs, plans and totals: only what they need is missing', async () => {
  for (const runId of ['healthy', 'header', 'spec', 'plan', 'totals']) await plannedRun(runId);
  const keyOf = (runId: string) => `${prefix}:ledger:run:${runId}`;
  await redis.hset(keyOf('header'), 'state', 'dreaming');
  await redis.hset(keyOf('spec'), 'spec', '{');
  const { planName } = (await ledger.getRun('plan')) ?? {};
  await redis.hset(`${keyOf('plan')}:tables`, String(planName), '{');
  await redis.del(`${keyOf('totals')}:totals`);
  await redis.set(`${keyOf('totals')}:totals`, 'a stranger');
  const text = await runMetrics(openRedisReadings(redis, { prefix })).text();
  for (const runId of ['healthy', 'spec', 'plan']) expect(text).toContain(shardsOf(runId));
  expect(text).toContain('rowparity_runs_unreadable{app="reporter"} 2');
});
