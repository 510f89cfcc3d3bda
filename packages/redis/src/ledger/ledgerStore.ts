/**
 * What the parts of the Redis ledger share: the connection, the names of its keys and, for those that write, its
 * scripts.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '@rowparity/contracts';
import type { Redis } from 'ioredis';
import { type LedgerKeys, ledgerKeys } from './ledgerKeys.ts';
import { loadScripts, type RunScript } from './scripts.ts';

/** Enough for reading. */
export interface ReadStore {
  readonly redis: Redis;
  readonly prefix: string;
  keysOf(runId: string): LedgerKeys;
}

export type SteadyClock = Pick<Clock, 'steadyNow'>;

export interface LedgerStore extends ReadStore {
  readonly run: RunScript;
  readonly settledKeptMs: number;
  readonly clock: SteadyClock;
  /** A name for one write, so that Redis knows it again when a dropped connection makes ioredis send it twice. */
  nameWrite(): string;
}

export function readStore(redis: Redis, prefix: string): ReadStore {
  return { redis, prefix, keysOf: (runId) => ledgerKeys(prefix, runId) };
}

export function ledgerStore(
  redis: Redis,
  { prefix, ...kept }: Pick<LedgerStore, 'prefix' | 'settledKeptMs' | 'clock'>,
): LedgerStore {
  const process = randomBytes(6).toString('base64url');
  let writes = 0;
  return {
    ...readStore(redis, prefix),
    ...kept,
    run: loadScripts(redis),
    nameWrite: () => `${process}.${(writes++).toString(36)}`,
  };
}
