/** The coordinator's options. */
import {
  eventTopics,
  httpHost,
  httpPort,
  httpToken,
  kafkaBrokers,
  kafkaSecurity,
  logFormat,
  logLevel,
  metricsToken,
  type OptionTable,
  redisTls,
  redisUrl,
  wholeNumber,
} from '@rowparity/runtime';
import { z } from 'zod';
import { webhooks } from './webhookOption.ts';

export const OPTIONS = {
  redisUrl,
  ...redisTls,
  kafkaBrokers: {
    ...kafkaBrokers,
    describe:
      'Kafka brokers: host:port, separated by commas. The coordinator sends them nothing; it looks at them for GET /v1/doctor (`rowparity doctor`). Left out, it does not.',
    schema: kafkaBrokers.schema.optional(),
  },
  ...kafkaSecurity,
  httpHost,
  httpPort: httpPort(8080),
  httpToken,
  metricsToken,
  eventTopics,
  allowPredicates: {
    env: 'ROWPARITY_ALLOW_PREDICATES',
    describe:
      'true: specs may carry SQL predicates (tables[].where), which run on both databases with the rights of the connections: conditions on the rows of one table, without queries, locks, variables or stored functions. Default false.',
    schema: z
      .enum(['true', 'false'], 'expected true or false')
      .default('false')
      .transform((text) => text === 'true'),
  },
  webhooks,
  leaseMs: {
    env: 'ROWPARITY_LEASE_MS',
    describe:
      'Of several coordinators one leads. Silent for so many milliseconds, it is replaced within a quarter more. Default 8000.',
    schema: wholeNumber({ min: 200, max: 600_000 }).default(8000),
  },
  runsKeptDays: {
    env: 'ROWPARITY_RUNS_KEPT_DAYS',
    describe: 'How long settled runs stay in the ledger, with report and certificate, in days. Default 30.',
    schema: wholeNumber({ min: 1, max: 3650 }).default(30),
  },
  logLevel,
  logFormat,
} satisfies OptionTable;
