/**
 * Kinds of differences that a tool may miss, each in a table of its own, and two that are none. Values of row n are the
 * same on both sides; then `plant` changes the destination.
 */
export interface Plant {
  readonly name: string;
  /** Beside the key, which is `id BIGINT` where `key` is left out. */
  readonly columns: string;
  readonly key?: { readonly columns: string; readonly names: readonly string[]; readonly values: string };
  /** SQL of the values of row n. */
  readonly values: string;
  /** SQL on the destination; ROWS stands for the condition of the rows that are chosen. */
  readonly plant: string;
  /** Which rows differ then: the chosen ones when left out. */
  readonly differing?: 'all' | 'two' | 'none';
  /** Which flavour of server has it; both when left out. */
  readonly only?: 'mariadb' | 'mysql';
}

const TEXT = 'v VARCHAR(60)';
const text = "CONCAT('value ', n)";
/** A column whose rows change from one value to another one. */
function changed(name: string, type: string, [from, to]: readonly [string, string]): Plant {
  return { name, columns: `v ${type}`, values: from, plant: `UPDATE t SET v = ${to} WHERE ROWS` };
}
/** Rows that the destination lacks, by a kind of key. */
function lost(name: string, column: string, values: string): Plant {
  const key = { columns: `k ${column} NOT NULL`, names: ['k'], values };
  return { name, key, columns: TEXT, values: text, plant: 'DELETE FROM t WHERE ROWS' };
}

export const PLANTS: readonly Plant[] = [
  changed('another text', 'VARCHAR(60)', [text, "'other'"]),
  { name: 'rows missing', columns: TEXT, values: text, plant: 'DELETE FROM t WHERE ROWS' },
  {
    ...{ name: 'rows only on the destination', columns: TEXT, values: text },
    plant: "INSERT INTO t SELECT -1 - id, 'new' FROM (SELECT id FROM t WHERE ROWS) chosen",
  },
  {
    ...{ name: 'a flag changed in all rows', columns: 'f TINYINT NOT NULL', values: 'MOD(n, 2)' },
    ...{ plant: 'UPDATE t SET f = 1 - f', differing: 'all' as const },
  },
  {
    ...{ name: 'a flag changed in two rows', columns: 'f TINYINT NOT NULL', values: '1' },
    ...{ plant: 'UPDATE t SET f = 0 WHERE ROWS', differing: 'two' as const },
  },
  {
    ...{ name: 'a separator that moves between columns', columns: 'a VARCHAR(20), b VARCHAR(20)' },
    ...{ values: "'a#b', 'c'", plant: "UPDATE t SET a = 'a', b = 'b#c' WHERE ROWS" },
  },
  changed('NULL to an empty text', 'VARCHAR(20)', ['NULL', "''"]),
  changed("ENUM '' to NULL", "ENUM('', 'a')", ["''", 'NULL']),
  {
    ...{ name: 'NULL that moves to the next column', columns: 'a VARCHAR(20), b VARCHAR(20)' },
    ...{ values: "NULL, 'x'", plant: "UPDATE t SET a = 'x', b = NULL WHERE ROWS" },
  },
  changed('letter case', 'VARCHAR(20)', ["'Abc'", "'abc'"]),
  changed('a space at the end', 'VARCHAR(20)', ["'abc'", "'abc '"]),
  changed('an accent', 'VARCHAR(20)', ["'cafe'", "'café'"]),
  changed('another Unicode form', 'VARCHAR(20)', [
    "CONVERT(X'C3A9' USING utf8mb4)",
    "CONVERT(X'65CC81' USING utf8mb4)",
  ]),
  changed('an emoji that was lost', 'VARCHAR(20)', ["CONVERT(X'F09F9A80' USING utf8mb4)", "'?'"]),
  changed('the last bit of a DOUBLE', 'DOUBLE', ['0.1e0', '0.10000000000000002e0']),
  changed('the last bit of a FLOAT', 'FLOAT', ['16777216', '16777218']),
  changed('the last digit of a DECIMAL(38,18)', 'DECIMAL(38,18)', [
    '12345678901234567890.1',
    '12345678901234567890.100000000000000001',
  ]),
  changed('a cent', 'DECIMAL(10,2)', ['10.00', '10.01']),
  changed('a microsecond of a TIMESTAMP(6)', 'TIMESTAMP(6) NULL', [
    "'2026-01-02 03:04:05.000001'",
    "'2026-01-02 03:04:05.000002'",
  ]),
  changed('a millisecond of a DATETIME(3)', 'DATETIME(3)', [
    "'2026-01-02 03:04:05.001'",
    "'2026-01-02 03:04:05.002'",
  ]),
  changed('a BIGINT beyond 2^53', 'BIGINT', ['9007199254740992', '9007199254740993']),
  changed('a BIGINT UNSIGNED beyond 2^63', 'BIGINT UNSIGNED', [
    '18446744073709551614',
    '18446744073709551615',
  ]),
  changed('a value in JSON', 'JSON', [`'{"a": 1, "b": [1, 2]}'`, `'{"a": 1, "b": [1, 3]}'`]),
  changed('a number beyond 2^53 in JSON', 'JSON', [`'{"a": 9007199254740992}'`, `'{"a": 9007199254740993}'`]),
  changed('a byte that is no UTF-8', 'VARBINARY(20)', ["X'61FF62'", "X'61FE62'"]),
  changed('one zero byte more', 'VARBINARY(20)', ["X'6100'", "X'610000'"]),
  changed('a bit', 'BIT(8)', ["b'00000001'", "b'00000011'"]),
  changed('NULL to 0 in a DOUBLE', 'DOUBLE', ['NULL', '0']),
  changed('the sign of a TIME', 'TIME', ["'01:00:00'", "'-01:00:00'"]),
  changed('a YEAR', 'YEAR', ['2025', '2026']),
  changed('a member of a SET', "SET('a', 'b', 'c')", ["'a,b'", "'a,c'"]),
  lost('missing, key: negative integer', 'BIGINT', '-1 - n'),
  lost('missing, key: BIGINT UNSIGNED beyond 2^63', 'BIGINT UNSIGNED', '18446744073709551615 - n'),
  lost('missing, key: text', 'VARCHAR(40)', "CONCAT('key-', n)"),
  lost('missing, key: BINARY(16)', 'BINARY(16)', 'UNHEX(LEFT(SHA2(n, 256), 32))'),
  lost('missing, key: DATETIME(3)', 'DATETIME(3)', "'2026-01-01 00:00:00.5' + INTERVAL n SECOND"),
  {
    ...{
      name: 'missing, key of two columns',
      columns: TEXT,
      values: text,
      plant: 'DELETE FROM t WHERE ROWS',
    },
    key: {
      columns: 'a INT NOT NULL, b VARCHAR(20) NOT NULL',
      names: ['a', 'b'],
      values: "FLOOR(n / 10), CONCAT('p', MOD(n, 10))",
    },
  },
  {
    ...{
      ...changed('no difference: JSON members in another order', 'JSON', [
        `'{"a": 1, "b": 2}'`,
        `'{"b": 2, "a": 1}'`,
      ]),
    },
    ...{ differing: 'none' as const },
  },
  { ...changed('no difference: 0 and −0', 'DOUBLE', ['0e0', '-0e0']), differing: 'none', only: 'mysql' },
];
