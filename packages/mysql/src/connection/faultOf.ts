/**
 * Turns every error of a MySQL server or driver into a fault: one total table by error number or driver code. An error
 * outside the table is permanent: it is not retried forever and never treated as a difference.
 * Source of the numbers: MySQL's and MariaDB's server error references.
 */
import { type FailureCode, Fault, type FaultClass } from '@rowparity/contracts';
import { protocolBroken } from '../wire/brokenProtocol.ts';
import { ServerEndedRows } from '../wire/rawCommand.ts';
import { serverWords } from './serverWords.ts';

type Entry = readonly [FaultClass, FailureCode];

const LOST: Entry = ['transient', 'CONNECTION_LOST'];
const UNREACHABLE: Entry = ['transient', 'SERVER_UNREACHABLE'];
const KILLED: Entry = ['transient', 'STATEMENT_KILLED'];
const TIMEOUT: Entry = ['transient', 'STATEMENT_TIMEOUT'];
const CROWDED: Entry = ['transient', 'TOO_MANY_CONNECTIONS'];
const STATEMENTS: Entry = ['transient', 'TOO_MANY_STATEMENTS'];
const DENIED: Entry = ['configuration', 'ACCESS_DENIED'];
const TLS: Entry = ['configuration', 'TLS_REFUSED'];
const TLS_NEEDED: Entry = ['configuration', 'TLS_NEEDED'];
const NO_TABLE: Entry = ['permanent', 'SCHEMA_CHANGED'];

const BY_ERRNO: Readonly<Record<number, Entry>> = {
  1040: CROWDED, // ER_CON_COUNT_ERROR
  1203: CROWDED, // ER_TOO_MANY_USER_CONNECTIONS
  1226: CROWDED, // ER_USER_LIMIT_REACHED, of max_user_connections; see userLimit
  1461: STATEMENTS, // ER_MAX_PREPARED_STMT_COUNT_REACHED
  1044: DENIED, // ER_DBACCESS_DENIED_ERROR
  1045: DENIED, // ER_ACCESS_DENIED_ERROR
  1130: DENIED, // ER_HOST_NOT_PRIVILEGED
  1142: DENIED, // ER_TABLEACCESS_DENIED_ERROR
  1143: DENIED, // ER_COLUMNACCESS_DENIED_ERROR
  1698: DENIED, // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
  1251: DENIED, // ER_NOT_SUPPORTED_AUTH_MODE
  1524: DENIED, // ER_PLUGIN_IS_NOT_LOADED: the plugin of the account
  3159: TLS_NEEDED, // ER_SECURE_TRANSPORT_REQUIRED
  1820: DENIED, // ER_MUST_CHANGE_PASSWORD
  1862: DENIED, // ER_MUST_CHANGE_PASSWORD_LOGIN
  3118: DENIED, // ER_ACCOUNT_HAS_BEEN_LOCKED
  1049: ['configuration', 'DATABASE_UNKNOWN'], // ER_BAD_DB_ERROR
  1054: NO_TABLE, // ER_BAD_FIELD_ERROR
  1146: NO_TABLE, // ER_NO_SUCH_TABLE
  1176: NO_TABLE, // ER_KEY_DOES_NOT_EXITS
  1412: ['transient', 'STATEMENT_KILLED'], // ER_TABLE_DEF_CHANGED
  1615: ['transient', 'STATEMENT_KILLED'], // ER_NEED_REPREPARE
  1135: CROWDED, // ER_CANT_CREATE_THREAD
  1129: DENIED, // ER_HOST_IS_BLOCKED
  1047: UNREACHABLE, // ER_UNKNOWN_COM_ERROR: a Galera node that is not in its cluster
  3032: UNREACHABLE, // ER_SERVER_OFFLINE_MODE
  3168: UNREACHABLE, // ER_SERVER_ISNT_AVAILABLE
  1080: LOST, // ER_FORCING_CLOSE
  1184: LOST, // ER_NEW_ABORTING_CONNECTION
  3169: LOST, // ER_SESSION_WAS_KILLED
  1243: LOST, // ER_UNKNOWN_STMT_HANDLER: the session behind a proxy is another one now
  1053: LOST, // ER_SERVER_SHUTDOWN
  1152: LOST, // ER_ABORTING_CONNECTION
  1158: LOST, // ER_NET_READ_ERROR
  1159: LOST, // ER_NET_READ_INTERRUPTED
  1160: LOST, // ER_NET_ERROR_ON_WRITE
  1161: LOST, // ER_NET_WRITE_INTERRUPTED
  1927: LOST, // ER_CONNECTION_KILLED (MariaDB)
  4031: LOST, // ER_CLIENT_INTERACTION_TIMEOUT
  1317: KILLED, // ER_QUERY_INTERRUPTED
  1205: TIMEOUT, // ER_LOCK_WAIT_TIMEOUT
  1213: KILLED, // ER_LOCK_DEADLOCK
  1969: TIMEOUT, // ER_STATEMENT_TIMEOUT (MariaDB)
  3024: TIMEOUT, // ER_QUERY_TIMEOUT
  1153: ['permanent', 'ROW_TOO_LARGE'], // ER_NET_PACKET_TOO_LARGE
  2013: LOST, // CR_SERVER_LOST
};

const BY_DRIVER_CODE: Readonly<Record<string, Entry>> = {
  ECONNREFUSED: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  // There is no such unix socket, or this user may not use it, or the file is another thing.
  ENOENT: UNREACHABLE,
  EACCES: UNREACHABLE,
  ENOTSOCK: UNREACHABLE,
  EHOSTDOWN: UNREACHABLE,
  ENETDOWN: UNREACHABLE,
  // This machine has no port, no descriptor or no memory left for a connection now.
  EADDRNOTAVAIL: UNREACHABLE,
  EMFILE: UNREACHABLE,
  ENFILE: UNREACHABLE,
  ENOBUFS: UNREACHABLE,
  ECONNRESET: LOST,
  EPIPE: LOST,
  ECONNABORTED: LOST,
  ENOTCONN: LOST,
  ERR_STREAM_DESTROYED: LOST,
  ERR_STREAM_WRITE_AFTER_END: LOST,
  ERR_STREAM_PREMATURE_CLOSE: LOST,
  PROTOCOL_CONNECTION_LOST: LOST,
  PROTOCOL_PACKETS_OUT_OF_ORDER: ['permanent', 'PROTOCOL_BROKEN'],
  PROTOCOL_UNEXPECTED_PACKET: ['permanent', 'PROTOCOL_BROKEN'],
  PROTOCOL_SEQUENCE_TIMEOUT: TIMEOUT,
  ROWPARITY_READ_TIMEOUT: LOST,
  HANDSHAKE_NO_SSL_SUPPORT: TLS,
  HANDSHAKE_SSL_ERROR: TLS,
  CERT_HAS_EXPIRED: TLS,
  DEPTH_ZERO_SELF_SIGNED_CERT: TLS,
  ERR_TLS_CERT_ALTNAME_INVALID: TLS,
  SELF_SIGNED_CERT_IN_CHAIN: TLS,
  UNABLE_TO_GET_ISSUER_CERT: TLS,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: TLS,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: TLS,
};

/** An unexpected error that ends sessions ends this one. Any other is not an answer to the statement. */
const OUT_OF_TURN: Entry = ['permanent', 'PROTOCOL_BROKEN'];
const OTHER: Entry = ['permanent', 'STATEMENT_FAILED'];

/** The number that the server gave to the error behind a fault; undefined when no server gave one. */
export function mysqlErrno(fault: unknown): number | undefined {
  return fault instanceof Fault ? numbersOf(fault.cause).errno : undefined;
}

/** `place` names the server without credentials, such as `base (db1:3306/shop)`. */
export function faultOf(error: unknown, place: string): Fault {
  if (error instanceof Fault) return error;
  const { errno, code } = numbersOf(error);
  const limit = errno === USER_LIMIT ? userLimit(error) : undefined;
  const [faultClass, failureCode] =
    outOfTurn(error, errno) ??
    limit?.entry ??
    (errno === undefined ? undefined : BY_ERRNO[errno]) ??
    (code === undefined ? undefined : BY_DRIVER_CODE[code]) ??
    closedOr(error);
  const parts = [code, errno, failureCode === 'TLS_REFUSED' ? tlsReason(error) : undefined];
  const what = [
    parts.filter((part) => part !== undefined).join(' ') || 'unknown error',
    ...serverWords(error),
  ].join(': ');
  const words =
    limit?.words ?? WORDS_BY_ERRNO[errno ?? 0] ?? EXPLANATION[failureCode] ?? 'the statement failed';
  const message = `${place}: ${words} (${what}).`;
  return new Fault(faultClass, { code: failureCode, message }, { cause: error });
}

/** No statement has run yet, so this text quotes none. It says what is wrong with the certificate. */
function tlsReason(error: unknown): string | undefined {
  return error instanceof Error ? error.message.split('\n')[0] : undefined;
}

const USER_LIMIT = 1226;

interface UserLimit {
  readonly entry: Entry;
  readonly words: string;
}

/**
 * The server names the limit and its value in its words: "exceeded the 'max_questions' resource (current value: 5)".
 */
function userLimit(error: unknown): UserLimit {
  const text = error instanceof Error ? error.message : '';
  const [, name, value = 'unknown'] = /'(max_\w+)'[^()']*\(\D*(\d+)/.exec(text) ?? [];
  if (name === undefined || name === 'max_user_connections') {
    const words = `this user may have no more connections${name ? ` (max_user_connections is ${value})` : ''}; lower the workers’ concurrency, or allow the user more (ALTER USER … WITH MAX_USER_CONNECTIONS)`;
    return { entry: CROWDED, words };
  }
  const option = ACCOUNT_OPTIONS[name] ?? name;
  const words = `this user has used up its limit ${option} of ${value} in an hour; raise it (ALTER USER … WITH ${option} 0), or wait until the hour is over`;
  return { entry: ['permanent', 'USER_LIMIT_REACHED'], words };
}

/** As the server names the limits in its errors, and as ALTER USER does. */
const ACCOUNT_OPTIONS: Readonly<Record<string, string>> = {
  max_questions: 'MAX_QUERIES_PER_HOUR',
  max_queries_per_hour: 'MAX_QUERIES_PER_HOUR',
  max_updates: 'MAX_UPDATES_PER_HOUR',
  max_updates_per_hour: 'MAX_UPDATES_PER_HOUR',
  max_connections: 'MAX_CONNECTIONS_PER_HOUR',
  max_connections_per_hour: 'MAX_CONNECTIONS_PER_HOUR',
};

/** Errors whose number is more specific than the code. */
const WORDS_BY_ERRNO: Readonly<Record<number, string>> = {
  1104: 'the statement would look at more rows than max_join_size allows, and the server did not take the value that the session set; raise max_join_size',
  1820: 'the password of this user has expired; set a new one (ALTER USER … IDENTIFIED BY)',
  1862: 'the password of this user has expired; set a new one (ALTER USER … IDENTIFIED BY)',
};

/** Texts of Rowparity, not the server's: a server's message may quote a row. */
const EXPLANATION: Partial<Record<FailureCode, string>> = {
  SERVER_UNREACHABLE: 'no server answers; check host, port (or socket) and network',
  CONNECTION_LOST: 'the connection was lost',
  STATEMENT_KILLED: 'the statement was interrupted',
  STATEMENT_TIMEOUT:
    'the statement took longer than statementMs: the table may be locked, or the server be slow; end the lock, or allow more time (statementMs in the connection URL)',
  TOO_MANY_CONNECTIONS:
    'the server has no connection left; lower the workers’ concurrency or raise max_connections',
  TOO_MANY_STATEMENTS:
    'the server has prepared as many statements as max_prepared_stmt_count allows; raise it, or close what other programs have prepared',
  ACCESS_DENIED: 'access denied; check user, password and the SELECT privilege',
  TLS_REFUSED: 'TLS was refused; check the certificate, its authority (tlsCa) and the host name',
  TLS_NEEDED: 'the server takes only connections with TLS; use tls=verify in the connection URL',
  DATABASE_UNKNOWN: 'there is no such database',
  SCHEMA_CHANGED: 'a table, column or index of the plan is not there any more; plan a new run',
  ROW_TOO_LARGE: 'a row is larger than max_allowed_packet',
  PROTOCOL_BROKEN:
    'the server’s answer breaks the MySQL protocol; look at proxies and at the network between',
};

/**
 * An error of the connection: packets came that no command waits for. The server's word that it ends the session is
 * none: mysql2 then gives the server's number as the code.
 */
export function strayBytesOf(error: unknown, place: string): Fault | undefined {
  const { code } = error as { code?: unknown };
  if (code === 'PROTOCOL_UNEXPECTED_PACKET') return faultOf(error, place);
  if (typeof code !== 'number' || BY_ERRNO[code] === LOST) return undefined;
  return protocolBroken(place, `the error ${code} came, which belongs to no statement`);
}

/**
 * A warning. An error by which a server ends the session is the same, with number 0, and its statement fails.
 */
export function isOutOfOrder(warning: unknown): boolean {
  return typeof (warning as { received?: unknown }).received === 'number';
}

function outOfTurn(error: unknown, errno: number | undefined): Entry | undefined {
  if (!(error instanceof ServerEndedRows) || error.isInSequence) return undefined;
  return errno !== undefined && BY_ERRNO[errno] === LOST ? LOST : OUT_OF_TURN;
}

function numbersOf(error: unknown): { errno: number | undefined; code: string | undefined } {
  if (error instanceof ServerEndedRows) return { errno: error.server.errno, code: undefined };
  const { errno, code } = (error ?? {}) as { errno?: unknown; code?: unknown };
  return {
    errno: typeof errno === 'number' && errno > 0 ? errno : undefined,
    code: typeof code === 'string' ? code : undefined,
  };
}

/** mysql2 reports the use of a closed connection only by its message. */
function closedOr(error: unknown): Entry {
  return error instanceof Error && /closed state/.test(error.message) ? LOST : OTHER;
}
