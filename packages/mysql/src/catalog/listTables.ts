/** What bears a name in a database, as far as the user may see it. */
import type { CatalogEntryKind, CatalogListing } from '@rowparity/core';
import { mysqlErrno } from '../connection/faultOf.ts';
import type { Session } from '../connection/session.ts';
import { quoted } from '../sql/quoted.ts';

/** Names as they are, compared by byte: the collation of the catalog may take several for one. */
const KIND_BY_TYPE: Readonly<Record<string, CatalogEntryKind>> = {
  'BASE TABLE': 'table',
  'SYSTEM VERSIONED': 'table',
  VIEW: 'view',
  'SYSTEM VIEW': 'view',
  SEQUENCE: 'sequence',
};
const NO_SUCH_TABLE = 1146;
/** A name that no table has: 64 characters, ours alone. */
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
 * A user with SELECT on the whole database is told that a table does not exist; any other user is told that it may not
 * read it. So the server itself works out the right from roles and grants. Of such a database no column is hidden.
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
