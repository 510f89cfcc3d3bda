/**
 * A worker process for tests: takes one shard job, says so on standard output, and never ends it. Arguments: the
 * address of Redis, the prefix, and the times in milliseconds.
 */
import { systemClock } from '@rowparity/runtime';
import { connectRedis } from '../connection/connectRedis.ts';
import { createShardWorker } from '../jobs/shardWorker.ts';

const [url = '', prefix = '', lockMs = '', stalledCheckMs = ''] = process.argv.slice(2);

createShardWorker({
  redis: connectRedis({ url, use: 'jobs', onError: () => {} }),
  prefix,
  concurrency: 1,
  clock: systemClock,
  lockMs: Number(lockMs),
  stalledCheckMs: Number(stalledCheckMs),
  onError: () => {},
  async handle({ shard }) {
    process.stdout.write(`${shard}\n`);
    return await new Promise<never>(() => {});
  },
});
