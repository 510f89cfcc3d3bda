/** What the parts of the Redis ledger share: the connection, its scripts, the names of its keys. */

import { randomBytes } from 'node:crypto';
import { Fault } from '@rowparity/contracts';
import type { Redis } from 'ioredis';
import { type LedgerKeys, ledgerKeys } from './ledgerKeys.ts';
import { loadScripts, type RunScript } from './scripts.ts';

export interface LedgerStore {
  readonly redis: Redis;
  readonly prefix: string;
  readonly run: RunScript;
  readonly settledKeptMs: number;
  keysOf(runId: string): LedgerKeys;
  /** A name for one write, so that Redis knows it again when a dropped connection makes ioredis send it twice. */
  nameWrite(): string;
}

export function ledgerStore(of: {
  readonly redis: Redis;
  readonly prefix: string;
  readonly settledKeptMs: number;
}): LedgerStore {
  const process = randomBytes(6).toString('base64url');
  let writes = 0;
  return {
    ...of,
    run: loadScripts(of.redis),
    keysOf: (runId) => ledgerKeys(of.prefix, runId),
    nameWrite: () => `${process}.${(writes++).toString(36)}`,
  };
}

export function brokenRule(runId: string, message: string): Fault {
  return new Fault('invariant', { code: 'INTERNAL', message: `Run ${runId}: ${message}` });
}
