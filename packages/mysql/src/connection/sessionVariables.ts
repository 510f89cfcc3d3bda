/**
 * Every session variable that changes the result of a SELECT, with the value for both sides and the reason. A session
 * uses none of the server's own values: it sets all of them and reads them back. Only this table names them.
 */

export interface SessionVariable {
  readonly name: string;
  /** The wanted value, as the server shows it in SHOW VARIABLES. */
  readonly value: string;
  /** How the value is written in SET, where that is not a quoted text. */
  readonly literal: string | undefined;
  /** Some versions of its server do not have it. Any other one must be there. */
  readonly isOptional: boolean;
  /** Why the server's own value must not apply. */
  readonly why: string;
}

export type Dialect = 'mysql' | 'mariaDb';

const BIGGEST = '18446744073709551615';
/** ALLOW_INVALID_DATES: without it MySQL does not find a key such as 1950-02-31 that is stored all the same. */
const SQL_MODE = 'STRICT_TRANS_TABLES,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION';
/** How long the server waits for the next read while a page is compared, in seconds. */
const NET_WRITE_TIMEOUT_S = 600;
/** Bytes of a value that a sort looks at; an index entry has at most 3072. */
const SORT_BYTES = 4096;
const GENERATED_KEYS = 'show_gipk_in_create_table_and_information_schema';

/** Set before anything is asked: they are the same everywhere, and a limit would cut or refuse the answer of SHOW. */
export const FIRST_STATEMENT = [
  'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
  'SESSION character_set_results = NULL',
  `SESSION sql_select_limit = ${BIGGEST}`,
  `SESSION max_join_size = ${BIGGEST}`,
  'SESSION sql_big_selects = 1',
].join(', ');

export function sessionVariables(dialect: Dialect, statementMs: number): readonly SessionVariable[] {
  return [...fixedVariables(dialect), statementLimit(dialect, statementMs)];
}

/** All but the limit of a statement, which a session may change for a while. */
export function fixedVariables(dialect: Dialect): readonly SessionVariable[] {
  return [...EVERYWHERE, ...OF_DIALECT[dialect]];
}

const EVERYWHERE: readonly SessionVariable[] = [
  text('character_set_client', 'utf8mb4', 'our statements are written in it'),
  text('character_set_connection', 'utf8mb4', 'literals are converted to it'),
  text('collation_connection', 'utf8mb4_bin', 'literals are compared by it'),
  {
    ...text(
      'character_set_results',
      '',
      'a conversion turns characters into "?": text comes as it is stored',
    ),
    literal: 'NULL',
  },
  word('autocommit', 'ON', 'else the first SELECT opens a snapshot that stays, with its metadata locks'),
  word('sql_select_limit', BIGGEST, 'a limit cuts tables, columns and rows off'),
  word('max_join_size', BIGGEST, 'a limit refuses large tables'),
  word('sql_big_selects', 'ON', 'else max_join_size refuses large tables'),
  text('sql_mode', SQL_MODE, 'it decides on quoting, padding, dates and the meaning of operators'),
  text('time_zone', '+00:00', 'a TIMESTAMP is read in it'),
  word('sql_auto_is_null', 'OFF', 'else IS NULL in a predicate finds the last inserted row'),
  word('div_precision_increment', '4', 'a division in a predicate is rounded by it'),
  word('default_week_format', '0', 'WEEK() in a predicate counts by it'),
  text('lc_time_names', 'en_US', 'names of days and months in a predicate'),
  word('max_sort_length', String(SORT_BYTES), 'a sort looks at no more bytes of a key than this'),
  word(
    'net_write_timeout',
    String(NET_WRITE_TIMEOUT_S),
    'the server disconnects a reader that pauses to compare',
  ),
];

const OF_DIALECT: Readonly<Record<Dialect, readonly SessionVariable[]>> = {
  mysql: [
    text('transaction_isolation', 'REPEATABLE-READ', 'READ-UNCOMMITTED shows rows that are rolled back'),
    word('transaction_read_only', 'ON', 'validation writes nothing'),
    newer(text('use_secondary_engine', 'OFF', 'a secondary engine may lag behind its table')),
    newer(word(GENERATED_KEYS, 'ON', 'else a generated primary key is hidden')),
    newer(word('windowing_use_high_precision', 'ON', 'sums of a window in a predicate')),
  ],
  mariaDb: [
    text('tx_isolation', 'REPEATABLE-READ', 'READ-UNCOMMITTED shows rows that are rolled back'),
    word('tx_read_only', 'ON', 'validation writes nothing'),
    newer(word('system_versioning_asof', 'DEFAULT', 'else a versioned table shows rows of another time')),
    newer(word('query_cache_type', 'OFF', 'rows come from the table')),
  ],
};

export function statementLimit(dialect: Dialect, statementMs: number): SessionVariable {
  const why = 'a statement without an end holds its snapshot';
  return dialect === 'mariaDb'
    ? word('max_statement_time', (statementMs / 1000).toFixed(6), why)
    : word('max_execution_time', String(statementMs), why);
}

function text(name: string, value: string, why: string): SessionVariable {
  return { name, value, literal: undefined, isOptional: false, why };
}

/** Numbers and words that SET takes without quotes. */
function word(name: string, value: string, why: string): SessionVariable {
  return { name, value, literal: value, isOptional: false, why };
}

function newer(variable: SessionVariable): SessionVariable {
  return { ...variable, isOptional: true };
}
