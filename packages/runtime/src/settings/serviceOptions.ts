/** The options that several services share. */
import { readFileSync } from 'node:fs';
import { allowedTopics, DEFAULT_TOPIC, type HostLimits, hostLimitTexts } from '@rowparity/contracts';
import { z } from 'zod';
import type { Option, OptionTable } from './option.ts';

const PORT_MAX = 65_535;

export const redisUrl = {
  env: 'ROWPARITY_REDIS_URL',
  describe: 'Redis of the queues and the ledger, such as redis://127.0.0.1:6379.',
  schema: z
    .string('expected a Redis URL')
    .regex(/^rediss?:\/\//, 'expected a URL that begins with redis:// or rediss://'),
  isSecret: true,
} satisfies Option;

/** Trusted authorities and a client certificate; the URL says by rediss:// that TLS is spoken. */
export const redisTls = {
  redisTlsCa: {
    env: 'ROWPARITY_REDIS_TLS_CA',
    describe: "File with the authorities to trust for rediss://, as PEM. Default: the system's.",
    schema: pemFile(),
  },
  redisTlsCert: {
    env: 'ROWPARITY_REDIS_TLS_CERT',
    describe: 'File with the client certificate for Redis, as PEM; with ROWPARITY_REDIS_TLS_KEY.',
    schema: pemFile(),
  },
  redisTlsKey: {
    env: 'ROWPARITY_REDIS_TLS_KEY',
    describe: 'File with the key of the client certificate for Redis, as PEM.',
    schema: pemFile(),
  },
} satisfies OptionTable;

export const kafkaBrokers = {
  env: 'ROWPARITY_KAFKA_BROKERS',
  describe: 'Kafka brokers that events go to: host:port, separated by commas.',
  schema: z
    .string('expected host:port, separated by commas')
    .regex(/^[^,\s:]+:\d+(,[^,\s:]+:\d+)*$/, 'expected host:port, separated by commas')
    .transform((text) => text.split(',')),
} satisfies Option;

export const kafkaClient = {
  env: 'ROWPARITY_KAFKA_CLIENT',
  describe:
    'The library that sends events: kafkajs, or platformatic (@platformatic/kafka). Both keep the same promises. Default kafkajs.',
  schema: z.enum(['kafkajs', 'platformatic'], 'expected kafkajs or platformatic').default('kafkajs'),
} satisfies Option;

export const kafkaSecurity = {
  kafkaTls: {
    env: 'ROWPARITY_KAFKA_TLS',
    describe:
      'verify: the certificates of the brokers must be trusted and name their hosts; off. Default off.',
    schema: z.enum(['off', 'verify'], 'expected off or verify').default('off'),
  },
  kafkaTlsCa: {
    env: 'ROWPARITY_KAFKA_TLS_CA',
    describe: "File with the authorities to trust for Kafka, as PEM. Default: the system's.",
    schema: pemFile(),
  },
  kafkaTlsCert: {
    env: 'ROWPARITY_KAFKA_TLS_CERT',
    describe: 'File with the client certificate for Kafka, as PEM; with ROWPARITY_KAFKA_TLS_KEY.',
    schema: pemFile(),
  },
  kafkaTlsKey: {
    env: 'ROWPARITY_KAFKA_TLS_KEY',
    describe: 'File with the key of the client certificate for Kafka, as PEM.',
    schema: pemFile(),
  },
  kafkaSasl: {
    env: 'ROWPARITY_KAFKA_SASL',
    describe: 'How to log in to Kafka: plain, scram-sha-256 or scram-sha-512. Default: not at all.',
    schema: z
      .enum(['plain', 'scram-sha-256', 'scram-sha-512'], 'expected plain, scram-sha-256 or scram-sha-512')
      .optional(),
  },
  kafkaUsername: {
    env: 'ROWPARITY_KAFKA_USERNAME',
    describe: 'User for Kafka; with ROWPARITY_KAFKA_SASL.',
    schema: z.string().optional(),
  },
  kafkaPassword: {
    env: 'ROWPARITY_KAFKA_PASSWORD',
    describe: 'Password for Kafka; with ROWPARITY_KAFKA_SASL.',
    schema: z.string().optional(),
    isSecret: true,
  },
} satisfies OptionTable;

export const eventTopics = {
  env: 'ROWPARITY_EVENT_TOPICS',
  describe: `Kafka topics that runs may send events to, separated by commas; one that ends in * stands for all that begin so. The same on the coordinator and on every worker. Default ${DEFAULT_TOPIC}.`,
  schema: z.string().default(DEFAULT_TOPIC).pipe(allowedTopics),
} satisfies Option;

const TOKEN_LENGTH_MIN = 16;

const token = z
  .string()
  .min(TOKEN_LENGTH_MIN, `expected at least ${TOKEN_LENGTH_MIN} characters`)
  .regex(/^[\x21-\x7e]+$/, 'expected visible ASCII characters without spaces')
  .optional();

export const httpToken = {
  env: 'ROWPARITY_HTTP_TOKEN',
  describe:
    'Requests for /v1 and /metrics need this token (Authorization: Bearer); at least 16 characters. Default: no token is needed.',
  schema: token,
  isSecret: true,
} satisfies Option;

export const metricsToken = {
  env: 'ROWPARITY_METRICS_TOKEN',
  describe:
    'Another token, which opens /metrics alone: for Prometheus. With it alone, /metrics wants it and /v1 none. Default: none.',
  schema: token,
  isSecret: true,
} satisfies Option;

/**
 * How much each database server may get. A connection URL may say otherwise of its own server, by the same names. Every
 * worker needs the same ones; `check` has them as flags.
 */
export const hostLimits = {
  maxStreams: {
    env: 'ROWPARITY_MAX_STREAMS',
    describe:
      'Statements that read from one database server at one time, of the whole fleet. Default: no limit.',
    schema: hostLimitTexts.maxStreams,
  },
  maxRowsPerSecond: {
    env: 'ROWPARITY_MAX_ROWS_PER_SECOND',
    describe: 'Rows a second from one database server. Default: no limit.',
    schema: hostLimitTexts.maxRowsPerSecond,
  },
  maxBytesPerSecond: {
    env: 'ROWPARITY_MAX_BYTES_PER_SECOND',
    describe: 'Bytes of rows a second from one database server. Default: no limit.',
    schema: hostLimitTexts.maxBytesPerSecond,
  },
  maxLoad: {
    env: 'ROWPARITY_MAX_LOAD',
    describe:
      'Status variables of a server with the values from which on no statement begins there, such as Threads_running=40; it begins again below 0.8 of them. Default: none.',
    schema: hostLimitTexts.maxLoad,
  },
  throttleQuery: {
    env: 'ROWPARITY_THROTTLE_QUERY',
    describe:
      'A query that every server is asked twice a second: while it gives a number above 0, no statement begins there. Default: none.',
    schema: hostLimitTexts.throttleQuery,
  },
  maxLagSeconds: {
    env: 'ROWPARITY_MAX_LAG_SECONDS',
    describe:
      'No statement begins on a replica that is so many seconds behind. Needs ROWPARITY_LAG_QUERY, or a user with REPLICATION CLIENT (MariaDB: REPLICA MONITOR). Default: the lag is not asked for.',
    schema: hostLimitTexts.maxLagSeconds,
  },
  lagQuery: {
    env: 'ROWPARITY_LAG_QUERY',
    describe:
      'A query that gives the lag of the server in seconds, from a heartbeat table for example. Default: the replica status.',
    schema: hostLimitTexts.lagQuery,
  },
  readWindows: {
    env: 'ROWPARITY_READ_WINDOWS',
    describe:
      'Times of the day, UTC, in which statements begin, such as 22:00-06:00,12:00-13:00. Default: always.',
    schema: hostLimitTexts.readWindows,
  },
  pauseFile: {
    env: 'ROWPARITY_PAUSE_FILE',
    describe:
      'While this file exists, no statement begins. Of the workers, the one that asks the servers looks at it: all need it at once. Default: none.',
    schema: hostLimitTexts.pauseFile,
  },
} satisfies OptionTable & Readonly<Record<keyof HostLimits, Option>>;

export const httpHost = {
  env: 'ROWPARITY_HTTP_HOST',
  describe: 'Address to listen on. Default 127.0.0.1; 0.0.0.0 inside a container.',
  schema: z.string().default('127.0.0.1'),
} satisfies Option;

export function httpPort(port: number) {
  return {
    env: 'ROWPARITY_HTTP_PORT',
    describe: `Port to listen on; 0 takes a free one. Default ${port}.`,
    schema: wholeNumber({ min: 0, max: PORT_MAX }).default(port),
  } satisfies Option;
}

export const logLevel = {
  env: 'ROWPARITY_LOG_LEVEL',
  describe: 'debug, info, warn or error. Default info.',
  schema: z.enum(['debug', 'info', 'warn', 'error'], 'expected debug, info, warn or error').default('info'),
} satisfies Option;

export const logFormat = {
  env: 'ROWPARITY_LOG_FORMAT',
  describe: 'json, or pretty: a line for people. Default: pretty on a terminal, json elsewhere.',
  schema: z.enum(['json', 'pretty'], 'expected json or pretty').optional(),
} satisfies Option;

/** The content of the file that is named. */
function pemFile() {
  return z
    .string()
    .transform((path, ctx) => {
      try {
        const text = readFileSync(path, 'utf8');
        if (text.includes('-----BEGIN ')) return text;
        ctx.addIssue({ code: 'custom', message: 'expected a file in PEM form, which has "-----BEGIN "' });
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        ctx.addIssue({ code: 'custom', message: `expected a file that can be read (${code})` });
      }
      return z.NEVER;
    })
    .optional();
}

export function wholeNumber({ min, max }: { readonly min: number; readonly max: number }) {
  const message = `expected a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d+$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message));
}
