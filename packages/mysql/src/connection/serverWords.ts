/**
 * The server's message, for errors whose messages hold no row values: names of users, hosts, databases, tables, columns
 * and limits. The message of any other error may quote a row or a statement and is never repeated (law 9).
 */
import { Fault, printable } from '@rowparity/contracts';
import { ServerEndedRows } from '../wire/rawCommand.ts';

const WITHOUT_VALUES: ReadonlySet<number> = new Set([
  1040, // ER_CON_COUNT_ERROR
  1044, // ER_DBACCESS_DENIED_ERROR
  1045, // ER_ACCESS_DENIED_ERROR
  1049, // ER_BAD_DB_ERROR
  1054, // ER_BAD_FIELD_ERROR
  1104, // ER_TOO_BIG_SELECT
  1129, // ER_HOST_IS_BLOCKED
  1130, // ER_HOST_NOT_PRIVILEGED
  1142, // ER_TABLEACCESS_DENIED_ERROR
  1143, // ER_COLUMNACCESS_DENIED_ERROR
  1146, // ER_NO_SUCH_TABLE
  1176, // ER_KEY_DOES_NOT_EXITS
  1203, // ER_TOO_MANY_USER_CONNECTIONS
  1226, // ER_USER_LIMIT_REACHED
  1227, // ER_SPECIFIC_ACCESS_DENIED_ERROR
  1241, // ER_OPERAND_COLUMNS
  1242, // ER_SUBQUERY_NO_1_ROW
  1251, // ER_NOT_SUPPORTED_AUTH_MODE
  1267, // ER_CANT_AGGREGATE_2COLLATIONS
  1305, // ER_SP_DOES_NOT_EXIST: a function
  1356, // ER_VIEW_INVALID
  1370, // ER_PROCACCESS_DENIED_ERROR
  1461, // ER_MAX_PREPARED_STMT_COUNT_REACHED
  1524, // ER_PLUGIN_IS_NOT_LOADED
  1698, // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
  1820, // ER_MUST_CHANGE_PASSWORD
  1862, // ER_MUST_CHANGE_PASSWORD_LOGIN
  3118, // ER_ACCOUNT_HAS_BEEN_LOCKED
  3159, // ER_SECURE_TRANSPORT_REQUIRED
]);
/** Names have at most 64 characters. A longer message is cut. */
const CHARACTERS_MAX = 300;

/** One text or none. */
export function serverWords(error: unknown): readonly string[] {
  const said = saidBy(error);
  return said !== undefined && WITHOUT_VALUES.has(said.errno) ? [quotable(said.words)] : [];
}

/** For statements made from the spec alone: the server's message cannot quote a row. */
export function withAllServerWords(error: unknown): never {
  const said = error instanceof Fault ? saidBy(error.cause) : undefined;
  if (!(error instanceof Fault) || said === undefined || WITHOUT_VALUES.has(said.errno)) throw error;
  const message = `${error.message} The server said: ${quotable(said.words)}.`;
  throw new Fault(error.class, { code: error.code, message }, { cause: error.cause });
}

function quotable(words: string): string {
  return printable(words, CHARACTERS_MAX).replace(/\.$/, '');
}

function saidBy(error: unknown): { readonly errno: number; readonly words: string } | undefined {
  if (error instanceof ServerEndedRows) return { errno: error.server.errno, words: error.server.message };
  const { errno, sqlMessage } = (error ?? {}) as { readonly errno?: unknown; readonly sqlMessage?: unknown };
  return typeof errno === 'number' && typeof sqlMessage === 'string'
    ? { errno, words: sqlMessage }
    : undefined;
}
