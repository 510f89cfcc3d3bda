/** Opens or makes a ledger file, and refuses every file that is not one, before anything in it is changed. */
import { DatabaseSync } from 'node:sqlite';
import { LedgerFault, ledgerFault } from './ledgerFault.ts';
import { APPLICATION_ID, FILE_VERSION, SCHEMA } from './schema.ts';

/** A killed process frees its lock at once; one that is just ending needs a moment. */
const BUSY_TIMEOUT_MS = 2000;

/**
 * locking_mode=EXCLUSIVE: a second process on the same file would fence the shards of the first. synchronous=NORMAL:
 * a kill loses nothing; a power cut may lose the last commits, which are then done again with the same event ids, and
 * that costs less than a disk flush for every commit.
 */
const SETTINGS = `
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
`;

export function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    expectOurs(database, path);
    database.exec(SETTINGS);
    // The exclusive lock is taken by the first write.
    database.exec('BEGIN IMMEDIATE');
    if (isEmpty(database)) layOut(database);
    database.exec('COMMIT');
    return database;
  } catch (error) {
    database?.close();
    throw ledgerFault(error, { path, isOpen: false });
  }
}

function expectOurs(database: DatabaseSync, path: string): void {
  if (isEmpty(database)) return;
  if (pragma(database, 'application_id') !== APPLICATION_ID) {
    const found = "expected a ledger of Rowparity, found another program's database";
    throw new LedgerFault('notALedger', { path, isOpen: false, found });
  }
  const version = pragma(database, 'user_version');
  if (version !== FILE_VERSION) {
    const found = `expected a file of version ${FILE_VERSION}, found version ${version}, which another Rowparity wrote`;
    throw new LedgerFault('otherVersion', { path, isOpen: false, found });
  }
}

function isEmpty(database: DatabaseSync): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}

function layOut(database: DatabaseSync): void {
  database.exec(SCHEMA);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FILE_VERSION};`);
}

function pragma(database: DatabaseSync, name: 'application_id' | 'user_version'): unknown {
  return database.prepare(`PRAGMA ${name}`).get()?.[name];
}
