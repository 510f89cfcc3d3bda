/** The options that several services share. */
import { z } from 'zod';
import type { Option } from './options.ts';

const PORT_MAX = 65_535;

export const redisUrl = {
  env: 'ROWPARITY_REDIS_URL',
  describe: 'Redis of the queues and the ledger, such as redis://127.0.0.1:6379.',
  schema: z
    .string('expected a Redis URL')
    .regex(/^rediss?:\/\//, 'expected a URL that begins with redis:// or rediss://'),
  isSecret: true,
} satisfies Option;

export const kafkaBrokers = {
  env: 'ROWPARITY_KAFKA_BROKERS',
  describe: 'Kafka brokers that events go to: host:port, separated by commas.',
  schema: z
    .string('expected host:port, separated by commas')
    .regex(/^[^,\s:]+:\d+(,[^,\s:]+:\d+)*$/, 'expected host:port, separated by commas')
    .transform((text) => text.split(',')),
} satisfies Option;

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

export function wholeNumber({ min, max }: { readonly min: number; readonly max: number }) {
  const message = `expected a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d+$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message));
}
