/** The worker's options. */
import {
  eventTopics,
  hostLimits,
  httpHost,
  httpPort,
  httpToken,
  kafkaBrokers,
  kafkaClient,
  kafkaSecurity,
  logFormat,
  logLevel,
  metricsToken,
  type OptionTable,
  redisTls,
  redisUrl,
  wholeNumber,
} from '@rowparity/runtime';

export const OPTIONS = {
  redisUrl,
  ...redisTls,
  kafkaBrokers,
  kafkaClient,
  ...kafkaSecurity,
  eventTopics,
  concurrency: {
    env: 'ROWPARITY_CONCURRENCY',
    describe: 'Shards validated at once by this process, 1 to 64. Default 4.',
    schema: wholeNumber({ min: 1, max: 64 }).default(4),
  },
  lockMs: {
    env: 'ROWPARITY_LOCK_MS',
    describe:
      'How long a silent worker keeps its job before another may take it, in milliseconds. Default 60000.',
    schema: wholeNumber({ min: 500, max: 3_600_000 }).default(60_000),
  },
  stalledCheckMs: {
    env: 'ROWPARITY_STALLED_CHECK_MS',
    describe: 'Time between two searches for jobs of silent workers, in milliseconds. Default 15000.',
    schema: wholeNumber({ min: 100, max: 3_600_000 }).default(15_000),
  },
  ...hostLimits,
  httpHost,
  httpPort: httpPort(8081),
  httpToken,
  metricsToken,
  logLevel,
  logFormat,
} satisfies OptionTable;
