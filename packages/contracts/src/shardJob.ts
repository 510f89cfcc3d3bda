/**
 * A shard job on the queue. It carries no range, no credentials and no rows: the ledger has the range, and the process
 * has the connections.
 */
import { z } from 'zod';
import { generation, runId, safeCount } from './scalars.ts';

export const SHARD_JOB_VERSION = 2;

export const shardJob = z.strictObject({
  version: z.literal(SHARD_JOB_VERSION),
  runId,
  generation,
  shard: safeCount.describe('index of the shard in its run'),
});
export type ShardJob = z.infer<typeof shardJob>;
