/** Lists the objects of a database that the user may see. */
import type { CatalogEntryKind, CatalogListing } from '@rowparity/core';
import { mysqlErrno } from '../connection/faultOf.ts';
import type { Session } from '../connection/session.ts';
import { quoted } from '../sql/quoted.ts';

/** Exact names, compared by byte: under the catalog's collation several names may be equal. */
const KIND_BY_TYPE: Readonly<Record<string, CatalogEntryKind>> = {
  'BASE TABLE': 'table',
  'SYSTEM VERSIONED': 'table',
  VIEW: 'view',
  'SYSTEM VIEW': 'view',
  SEQUENCE: 'sequence',
};
const NO_SUCH_TABLE = 1146;
/** A name of 64 characters that no table has. */
const ABSENT = 'rowparity_asks_for_a_table_that_is_not_there';

export async function listTables(
  session: Session,
  database: string,
  signal: AbortSignal,
): Promise<CatalogListing> {
  const rows = await session.query(
    `SELECT TABLE_NAME AS name, TABLE_TYPE AS type FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = ${session.escape(database)} ORDER BY TABLE_NAME`,
    signal,
  );
  const [server] = await session.query('SELECT @@lower_case_table_names AS folds', signal);
  return {
    entries: rows.map(({ name, type }) => ({
      name: String(name),
      kind: KIND_BY_TYPE[String(type)] ?? 'other',
    })),
    ignoresCase: Number(server?.folds) !== 0,
    isWhole: await seesEveryTable(session, database, signal),
  };
}

/**
 * For an unknown table, a user with SELECT on the whole database gets "does not exist", and any other user gets "access
 * denied". So the server itself evaluates roles and grants. With this right, no column of the database is hidden.
 */
export async function seesEveryTable(
  session: Session,
  database: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await session.query(`SELECT 1 FROM ${quoted(database)}.${quoted(ABSENT)} LIMIT 0`, signal);
    return true;
  } catch (error) {
    const errno = mysqlErrno(error);
    if (errno === undefined) throw error;
    return errno === NO_SUCH_TABLE;
  }
}
