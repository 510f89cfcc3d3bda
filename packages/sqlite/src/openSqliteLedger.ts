/**
 * The ledger of one process, in one file. A call is synchronous inside and takes microseconds, so no call ever waits
 * for another; after a kill the next process continues at the last commit. One process holds the file at a time.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Ledger } from '@rowparity/core';
import { holdsOf } from './holds.ts';
import { ledgerStore } from './ledgerStore.ts';
import { openDatabase } from './openDatabase.ts';
import { plansOf } from './plans.ts';
import { readingsOf } from './readings.ts';
import { runsOf } from './runs.ts';
import { watchesOf } from './watches.ts';

export interface SqliteLedgerOptions {
  /** The file, made when there is none; its folder must exist. `:memory:` is a ledger that ends with the process. */
  readonly path: string;
}

/** A ledger with the file that it holds open. */
export type OpenLedger = Ledger & { close(): Promise<void> };

/** Throws a LedgerFault of class `configuration` when the file cannot be used; it is left as it was. */
export function openSqliteLedger({ path }: SqliteLedgerOptions): OpenLedger {
  return ledgerOn(openDatabase(path), path);
}

export function ledgerOn(database: DatabaseSync, path: string): OpenLedger {
  const store = ledgerStore(database, path);
  return {
    ...runsOf(store),
    ...plansOf(store),
    ...holdsOf(store),
    ...readingsOf(store),
    ...watchesOf(store),
    async close() {
      store.close();
    },
  };
}
