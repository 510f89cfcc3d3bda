/** Wires the reporter: configuration, Redis, HTTP. It only reads, and has no ledger that could write. */
import {
  checkRedis,
  closeRedis,
  connectRedis,
  openRedisFleet,
  openRedisMigrationReadings,
  openRedisPauses,
  openRedisReadings,
  RedisOutage,
} from '@rowparity/redis';
import { openLog, redisSecurityOf, runService, systemClock } from '@rowparity/runtime';
import { OPTIONS } from './options.ts';
import { serveHttp } from './serveHttp.ts';

await runService({ name: 'reporter', options: OPTIONS }, async ({ config }) => {
  const log = await openLog('reporter', config);
  const redis = connectRedis({
    url: config.redisUrl,
    ...redisSecurityOf(config),
    use: 'http',
    ...new RedisOutage(log, systemClock).connection(),
  });
  await checkRedis(redis);
  const readings = {
    ledger: openRedisReadings(redis),
    pauses: openRedisPauses(redis),
    fleet: openRedisFleet(redis),
    migrations: openRedisMigrationReadings(redis),
  };
  const http = await serveHttp({ ...readings, log, clock: systemClock }, config);
  log.info({ url: http.url }, 'listening');
  return {
    async stop() {
      await http.close();
      await closeRedis(redis);
    },
  };
});
