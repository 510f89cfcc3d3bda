/**
 * A worker process for tests: takes one shard job, says so on standard output, and never ends it. Arguments: the
 * address of Redis, the prefix, the times in milliseconds, and whether it gives its slot back first.
 */
import { systemClock } from '@rowparity/runtime';
import { connectRedis } from '../connection/connectRedis.ts';
import { createShardWorker } from '../jobs/shardWorker.ts';

const [url = '', prefix = '', lockMs = '', stalledCheckMs = '', givesBack = ''] = process.argv.slice(2);

createShardWorker({
  redis: connectRedis({ url, use: 'jobs', onError: () => {} }),
  prefix,
  concurrency: 1,
  clock: systemClock,
  lockMs: Number(lockMs),
  stalledCheckMs: Number(stalledCheckMs),
  onError: () => {},
  async handle({ shard }, { slot }) {
    if (givesBack === 'true') await slot.giveBack();
    process.stdout.write(`${shard}\n`);
    return await new Promise<never>(() => {});
  },
});
