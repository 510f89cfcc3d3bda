/** Wires the coordinator: configuration, Redis, planner, supervisor, HTTP. */
import {
  checkRedis,
  closeRedis,
  connectRedis,
  createRedisLedger,
  createRunWorker,
  createShardQueue,
} from '@rowparity/queue';
import {
  connectionUrls,
  createLog,
  createMetrics,
  readConfig,
  runService,
  systemClock,
} from '@rowparity/runtime';
import { openConnections } from './connections.ts';
import { serveHttp } from './http/serveHttp.ts';
import { takeRunOrders } from './http/takeRunOrders.ts';
import { OPTIONS } from './options.ts';
import { Supervisor } from './supervising/supervisor.ts';

await runService({ name: 'coordinator', options: OPTIONS }, async (args) => {
  const config = readConfig(OPTIONS, { env: process.env, args });
  const connections = openConnections(connectionUrls(process.env));
  const log = createLog('coordinator', config.logLevel);
  const onError = (error: Error) => log.warn({ err: error }, 'redis');
  const redis = connectRedis({ url: config.redisUrl, use: 'ledger', onError });
  const jobs = connectRedis({ url: config.redisUrl, use: 'jobs', onError });
  const check = await checkRedis(redis);
  for (const warning of check.warnings) log.warn(warning);

  const ledger = createRedisLedger(redis);
  const shardQueue = createShardQueue(redis, { onError });
  const metrics = createMetrics('coordinator');
  const accept = { ledger, clock: systemClock, allowPredicates: config.allowPredicates };
  const supervisor = new Supervisor({ ledger, shardQueue, connections, clock: systemClock, log });
  const orders = createRunWorker({
    redis: jobs,
    onError,
    handle: takeRunOrders({ ...accept, supervisor }),
  });
  const http = await serveHttp({ ...accept, supervisor, metrics, log }, config);
  supervisor.start();
  log.info({ url: http.url }, 'listening');

  return {
    async stop() {
      log.info('draining');
      await http.close();
      await orders.drain();
      await supervisor.stop();
      await connections.close();
      await shardQueue.close();
      await Promise.all([closeRedis(redis), closeRedis(jobs)]);
    },
  };
});
