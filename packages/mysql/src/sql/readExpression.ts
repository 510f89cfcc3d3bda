/** The expression for a column: as it is stored, or in a form that both sides share. */
import type { ReadAs } from '@rowparity/contracts';
import type { Side } from '@rowparity/core';

export interface ReadColumn {
  readonly readAs: ReadAs;
  readonly side: Side;
  /** The value of a key keeps every byte. Any other value needs only to differ from all others. */
  readonly isKey: boolean;
}

export function readExpression(column: string, read: ReadColumn): string {
  const { readAs } = read;
  switch (readAs.kind) {
    case 'plain':
      return column;
    case 'decimal':
      return `CAST(${column} AS DECIMAL(${readAs.precision},${readAs.scale}))`;
    case 'double':
      // CAST(… AS DOUBLE) is not known to MySQL 5.7.
      return `${column} + 0e0`;
    case 'number':
      return `CAST(${column} + 0 AS UNSIGNED)`;
    case 'text':
      return utf8Of(column, readAs.charsets, read);
  }
}

/** UTF-8 as it is stored. */
const IS_UTF8: ReadonlySet<string> = new Set(['utf8mb3', 'utf8mb4', 'ascii']);
/** Each of its 256 codes has a character of its own (swept by charsets.mysql.test.ts), so no value is lost. */
const WITHOUT_LOSS: ReadonlySet<string> = new Set(['latin1']);
/**
 * Sets that can hold half a surrogate pair, which is no character: MariaDB writes it to UTF-8 as three bytes that are
 * no UTF-8, and reads them back. As the hex of a value that holds one.
 */
const HALF_A_PAIR: Readonly<Record<string, string>> = {
  ucs2: '^([0-9A-F]{4})*D[89A-F]',
  utf32: '^([0-9A-F]{8})*0000D[89A-F]',
};
/**
 * Bytes that UTF-8 never has: what is behind them equals no text, and with other charsets nothing of the other side.
 */
const MARK = { same: "X'FF'", base: "X'FF'", target: "X'FE'" } as const;

/**
 * The value in UTF-8. A server writes "?" for a code without a character, and one character for some pairs of codes. A
 * value that does not survive the way to UTF-8 and back is marked and replaced by its own bytes (or their digest).
 */
function utf8Of(
  column: string,
  charsets: Extract<ReadAs, { kind: 'text' }>['charsets'],
  { side, isKey }: ReadColumn,
): string {
  const charset = charsets[side];
  if (IS_UTF8.has(charset)) return column;
  const utf8 = `CONVERT(${column} USING utf8mb4)`;
  if (WITHOUT_LOSS.has(charset)) return utf8;
  const mark = MARK[charsets.base === charsets.target ? 'same' : side];
  const bytes = `CAST(${column} AS BINARY)`;
  // Not the bytes of a long text: CONCAT gives NULL beyond max_allowed_packet, and NULL equals NULL.
  const rest = isKey ? bytes : `UNHEX(SHA2(${bytes}, 256))`;
  const half = HALF_A_PAIR[charset];
  const isWhole = half === undefined ? '' : ` AND HEX(${column}) NOT REGEXP '${half}'`;
  const isKept = `CAST(CONVERT(${utf8} USING ${charset}) AS BINARY) = ${bytes}${isWhole}`;
  return `IF(${isKept}, CAST(${utf8} AS BINARY), CONCAT(${mark}, ${rest}))`;
}
