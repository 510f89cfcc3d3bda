/** What the parts of the ledger share: prepared statements, transactions, and faults that name the file. */

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { ledgerFault } from './ledgerFault.ts';

export type Row = Readonly<Record<string, unknown>>;
export type Values = Readonly<Record<string, SQLInputValue>>;

export interface LedgerStore {
  first(sql: string, values: Values): Row | undefined;
  all(sql: string, values: Values): readonly Row[];
  /** Returns how many rows it changed. */
  write(sql: string, values: Values): number;
  /** All of the work's writes or none of them. The work is synchronous, so no other work comes in between. */
  atomically<T>(work: () => T): T;
  close(): void;
}

export function ledgerStore(database: DatabaseSync, path: string): LedgerStore {
  const statements = new Map<string, StatementSync>();

  function prepared(sql: string): StatementSync {
    const known = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, known);
    return known;
  }

  function orFault<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      throw ledgerFault(error, { path, isOpen: true });
    }
  }

  function atomically<T>(work: () => T): T {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk makes SQLite roll back by itself.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  return {
    first: (sql, values) => orFault(() => prepared(sql).get(values)),
    all: (sql, values) => orFault(() => prepared(sql).all(values)),
    write: (sql, values) => orFault(() => Number(prepared(sql).run(values).changes)),
    atomically: (work) => orFault(() => atomically(work)),
    close: () => database.close(),
  };
}
