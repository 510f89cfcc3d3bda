/**
 * What can happen to a value of each column type: for every corruption the value that is right and the one that
 * stands on the target, as SQL literals. A newcomer adds a type or a corruption by adding a line here.
 */

export interface ValueCorruption {
  readonly name: string;
  readonly right: string;
  readonly wrong: string;
}

export interface ColumnCase {
  readonly type: string;
  readonly values: readonly ValueCorruption[];
  /** Spellings of one value, which must not be reported; counted under the rule when it has a name. */
  readonly same?: readonly ValueCorruption[];
  /** Servers that know the type; all when left out. */
  readonly only?: 'mysql' | 'mysql9';
}

function corrupt(...lines: readonly (readonly [string, string, string])[]): ValueCorruption[] {
  return lines.map(([name, right, wrong]) => ({ name, right, wrong }));
}

const ZERO_AND_NULL = corrupt(['0 to NULL', '0', 'NULL'], ['NULL to 0', 'NULL', '0']);
const SIGN = corrupt(['sign', '5', '-5']);

function integer(type: string, min: string, max: string): ColumnCase {
  const one = (BigInt(max) - 1n).toString();
  const ends = corrupt(
    ['one less than the largest', max, one],
    ['smallest and largest', min, max],
    ['truncation', max, '127'],
    ['0 and 1', '0', '1'],
  );
  return {
    type,
    values: [...ZERO_AND_NULL, ...(min.startsWith('-') ? SIGN : []), ...ends].filter(
      (c) => c.right !== c.wrong,
    ),
  };
}

const TEXT = corrupt(
  ['one character', "'abcdef'", "'abcxef'"],
  ['case', "'abc'", "'aBc'"],
  ["NULL to ''", 'NULL', "''"],
  ["'' to NULL", "''", 'NULL'],
  ["'' to 'NULL'", "''", "'NULL'"],
  ["NULL to 'NULL'", 'NULL', "'NULL'"],
  ['truncation', "'abcdefghij'", "'abcdefghi'"],
  ['accent', "'resume'", "'r\u00e9sum\u00e9'"],
  ['new line', "'a b'", "'a\\nb'"],
  ['leading space', "'a'", "' a'"],
  ['0 to empty', "'0'", "''"],
);
const TRAILING_SPACE = corrupt(['trailing space', "'abc'", "'abc '"]);
const WIDE_TEXT = corrupt(
  ['emoji', "'\u{1F600}'", "'\u{1F601}'"],
  ['invisible character', "'ab'", "'a\u200bb'"],
  ['normal form', "'\u00e9'", "'e\u0301'"],
);
const BYTES = corrupt(
  ['one bit', "X'00FF10'", "X'00FF11'"],
  ['NULL to empty', 'NULL', "X''"],
  ['case', "'abc'", "'ABC'"],
  ['truncation', "X'01020304'", "X'010203'"],
  ['byte 0 inside', "X'6100'", "X'6161'"],
);
const TRAILING_ZERO = corrupt(['trailing byte 0', "X'0102'", "X'010200'"], ['trailing space', "'a'", "'a '"]);
const DATE_AND_TIME = corrupt(
  ['one second', "'2024-05-06 07:08:09'", "'2024-05-06 07:08:10'"],
  ['time zone shift', "'2024-05-06 07:08:09'", "'2024-05-06 10:08:09'"],
  ['midnight', "'2024-05-06 00:00:00'", "'2024-05-06 00:00:01'"],
  ['lost time', "'2024-05-06 07:08:09'", "'2024-05-06'"],
  ['to NULL', "'2024-05-06 07:08:09'", 'NULL'],
);
const FRACTION = corrupt(
  ['fraction', "'2024-05-06 07:08:09.123456'", "'2024-05-06 07:08:09.123457'"],
  ['lost fraction', "'2024-05-06 07:08:09.5'", "'2024-05-06 07:08:09'"],
);
const FLOATING = corrupt(
  ...([
    ['sign', '1.5', '-1.5'],
    ['rounding', '0.1', '0.1000001'],
    ['smallest', '1e-30', '0'],
    ['magnitude', '1e10', '1e11'],
  ] as const),
);
const NEGATIVE_ZERO = corrupt(['negativeZero', "'0'", "'-0'"]);

export const COLUMN_CASES: readonly ColumnCase[] = [
  integer('TINYINT', '-128', '127'),
  integer('TINYINT UNSIGNED', '0', '255'),
  integer('SMALLINT', '-32768', '32767'),
  integer('SMALLINT UNSIGNED', '0', '65535'),
  integer('MEDIUMINT', '-8388608', '8388607'),
  integer('MEDIUMINT UNSIGNED', '0', '16777215'),
  integer('INT', '-2147483648', '2147483647'),
  integer('INT UNSIGNED ZEROFILL', '0', '4294967295'),
  integer('BIGINT', '-9223372036854775808', '9223372036854775807'),
  integer('BIGINT UNSIGNED', '0', '18446744073709551615'),
  { type: 'BIT(1)', values: corrupt(['one bit', "b'0'", "b'1'"], ['0 to NULL', "b'0'", 'NULL']) },
  { type: 'BIT(20)', values: corrupt(['one bit', "b'10000000000000000001'", "b'10000000000000000000'"]) },
  {
    type: 'DECIMAL(20,6)',
    values: [
      ...ZERO_AND_NULL,
      ...SIGN,
      ...corrupt(
        ['last digit', '12345678901234.123456', '12345678901234.123457'],
        ['rounding', '1.005', '1.01'],
        ['cut', '1.999999', '1'],
      ),
    ],
  },
  { type: 'FLOAT', values: [...ZERO_AND_NULL, ...FLOATING], same: NEGATIVE_ZERO },
  {
    type: 'DOUBLE',
    values: [
      ...ZERO_AND_NULL,
      ...FLOATING,
      ...corrupt(['last bit', '0.1', '0.10000000000000002'], ['tiny', '1e-300', '0']),
    ],
    same: NEGATIVE_ZERO,
  },
  { type: 'CHAR(20) CHARACTER SET latin1', values: TEXT },
  { type: 'CHAR(20) CHARACTER SET utf8mb4', values: [...TEXT, ...WIDE_TEXT] },
  { type: 'VARCHAR(20) CHARACTER SET latin1', values: [...TEXT, ...TRAILING_SPACE] },
  { type: 'VARCHAR(20) CHARACTER SET utf8mb3', values: [...TEXT, ...TRAILING_SPACE] },
  { type: 'VARCHAR(20) CHARACTER SET utf8mb4', values: [...TEXT, ...TRAILING_SPACE, ...WIDE_TEXT] },
  {
    type: 'VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
    values: [...TEXT, ...TRAILING_SPACE, ...WIDE_TEXT],
  },
  { type: 'TINYTEXT CHARACTER SET utf8mb4', values: [...TEXT, ...TRAILING_SPACE, ...WIDE_TEXT] },
  { type: 'TEXT CHARACTER SET utf8mb4', values: [...TEXT, ...TRAILING_SPACE, ...WIDE_TEXT] },
  {
    type: 'LONGTEXT CHARACTER SET utf8mb4',
    values: [
      ...TEXT,
      ...TRAILING_SPACE,
      ...corrupt([
        'one character in a megabyte',
        "REPEAT('ab', 500000)",
        "CONCAT(REPEAT('ab', 499999), 'aB')",
      ]),
    ],
  },
  { type: 'BINARY(5)', values: BYTES },
  { type: 'VARBINARY(20)', values: [...BYTES, ...TRAILING_ZERO] },
  { type: 'TINYBLOB', values: [...BYTES, ...TRAILING_ZERO] },
  {
    type: 'LONGBLOB',
    values: [
      ...BYTES,
      ...TRAILING_ZERO,
      ...corrupt(['one bit in a megabyte', "REPEAT(X'00', 1000000)", "CONCAT(REPEAT(X'00', 999999), X'01')"]),
    ],
  },
  {
    type: "ENUM('', 'a', 'b', 'NULL')",
    values: corrupt(
      ['other member', "'a'", "'b'"],
      ["NULL to ''", 'NULL', "''"],
      ["NULL to 'NULL'", 'NULL', "'NULL'"],
    ),
  },
  {
    type: "SET('a', 'b', 'c')",
    values: corrupt(
      ['member lost', "'a,b'", "'a'"],
      ["NULL to ''", 'NULL', "''"],
      ['other member', "'b'", "'c'"],
    ),
  },
  {
    type: 'DATE',
    values: corrupt(
      ['one day', "'2024-02-29'", "'2024-03-01'"],
      ['zero date to NULL', "'0000-00-00'", 'NULL'],
      ['century', "'2024-01-01'", "'1924-01-01'"],
    ),
  },
  {
    type: 'TIME(6)',
    values: corrupt(
      ['sign', "'10:00:00'", "'-10:00:00'"],
      ['fraction', "'10:00:00.000001'", "'10:00:00'"],
      ['beyond a day', "'838:59:59'", "'838:59:58'"],
      ['0 to NULL', "'00:00:00'", 'NULL'],
    ),
  },
  {
    type: 'DATETIME',
    values: [...DATE_AND_TIME, ...corrupt(['zero date to NULL', "'0000-00-00 00:00:00'", 'NULL'])],
  },
  { type: 'DATETIME(6)', values: [...DATE_AND_TIME, ...FRACTION] },
  { type: 'TIMESTAMP(6) NULL', values: [...DATE_AND_TIME, ...FRACTION] },
  {
    type: 'YEAR',
    values: corrupt(['one year', '2024', '2025'], ['0 to NULL', '0', 'NULL'], ['century', '1999', '2099']),
  },
  {
    type: 'JSON',
    values: corrupt(
      ['value', `'{"a": 1, "b": [1, 2]}'`, `'{"a": 2, "b": [1, 2]}'`],
      ['number to string', `'{"a": 1}'`, `'{"a": "1"}'`],
      ['JSON null to SQL NULL', `'null'`, 'NULL'],
      ['key', `'{"a": 1}'`, `'{"A": 1}'`],
      ['order of an array', `'[1, 2]'`, `'[2, 1]'`],
      ['null to nothing', `'{"a": null}'`, `'{}'`],
      ['deep inside', `'{"a": {"b": {"c": [true]}}}'`, `'{"a": {"b": {"c": [false]}}}'`],
      ['a digit beyond doubles', `'[9007199254740993]'`, `'[9007199254740992]'`],
    ),
    same: corrupt(['json', `'{"a": 1, "bb": 2.50}'`, `'{"bb": 2.5, "a": 1}'`]),
  },
  {
    type: 'GEOMETRY',
    values: corrupt(
      ['coordinate', "ST_GeomFromText('POINT(1 2)')", "ST_GeomFromText('POINT(1 3)')"],
      ['kind', "ST_GeomFromText('POINT(1 2)')", "ST_GeomFromText('LINESTRING(1 2, 3 4)')"],
      ['to NULL', "ST_GeomFromText('POINT(1 2)')", 'NULL'],
    ),
  },
  {
    type: 'VECTOR(3)',
    only: 'mysql9',
    values: corrupt(
      ['component', "STRING_TO_VECTOR('[1,2,3]')", "STRING_TO_VECTOR('[1,2,3.0000002]')"],
      ['to NULL', "STRING_TO_VECTOR('[1,2,3]')", 'NULL'],
    ),
  },
];
