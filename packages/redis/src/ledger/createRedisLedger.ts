/**
 * The ledger of the fleet, in Redis. It decides what is done, not BullMQ. Per run: a hash of the run, a list of
 * the plan, a hash of the shards' states, a hash of totals, a set of open shards, a list of failures.
 */
import type { Ledger, LedgerReadings } from '@rowparity/core';
import type { Redis } from 'ioredis';
import { holdsOf } from './holds.ts';
import { DEFAULT_PREFIX, expectHashTag } from './ledgerKeys.ts';
import { ledgerStore, readStore, type SteadyClock } from './ledgerStore.ts';
import { plansOf } from './plans.ts';
import { readingsOf } from './readings.ts';
import { runsOf } from './runs.ts';
import { watchesOf } from './watches.ts';

/**
 * A million shards are some 300 MB, and Redis must not evict: settled runs leave after 30 days, long after their
 * report and certificate were written.
 */
const SETTLED_KEPT_MS = 30 * 24 * 3600 * 1000;

export interface RedisLedgerOptions {
  readonly clock: SteadyClock;
  /** A hash tag, so that all keys lie in one slot. */
  readonly prefix?: string;
  readonly settledKeptMs?: number;
}

/** The connection stays the caller's. Use one made for `ledger` or `http`. */
export function createRedisLedger(redis: Redis, options: RedisLedgerOptions): Ledger {
  const store = ledgerStore(redis, {
    prefix: expectHashTag(options.prefix ?? DEFAULT_PREFIX),
    settledKeptMs: options.settledKeptMs ?? SETTLED_KEPT_MS,
    clock: options.clock,
  });
  return {
    ...runsOf(store),
    ...plansOf(store),
    ...holdsOf(store),
    ...readingsOf(store),
    ...watchesOf(store),
  };
}

/** A reader of the same ledger: it sends no command that writes, so a Redis user with read rights alone is enough. */
export function openRedisReadings(
  redis: Redis,
  { prefix = DEFAULT_PREFIX }: Pick<RedisLedgerOptions, 'prefix'> = {},
): LedgerReadings {
  return readingsOf(readStore(redis, expectHashTag(prefix)));
}
