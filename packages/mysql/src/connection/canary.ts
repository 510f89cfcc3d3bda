/**
 * Literals with known bytes. Each session reads them through the same path as rows. A cause that changes them on the
 * way (a character conversion, a mode, a time zone, a proxy) would also change rows.
 */
import type { Dialect } from './sessionVariables.ts';

export interface CanaryLiteral {
  readonly what: string;
  readonly sql: string;
  /** The value's bytes in a row of the binary protocol, in hex. */
  readonly bytes: string;
  /** Where MariaDB gives other bytes: an expression there is never −0. */
  readonly ofMariaDb?: string;
}

const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('hex');

export const CANARY: readonly CanaryLiteral[] = [
  { what: 'an emoji and a Chinese character', sql: "'😀漢é'", bytes: utf8('😀漢é') },
  { what: 'bytes that are no text', sql: "X'00FF807F'", bytes: '00ff807f' },
  { what: 'text of another character set', sql: "_latin1 X'E9'", bytes: 'e9' },
  { what: 'a conversion to utf8mb4', sql: "CONVERT(_latin1 X'E9' USING utf8mb4)", bytes: 'c3a9' },
  { what: 'a date that is none', sql: "CAST('2023-02-31' AS DATE)", bytes: 'e707021f' },
  { what: 'the largest integer', sql: '18446744073709551615', bytes: 'ffffffffffffffff' },
  { what: 'the smallest integer', sql: 'CAST(-9223372036854775808 AS SIGNED)', bytes: '0000000000000080' },
  { what: 'a number below zero', sql: '-1.5e0', bytes: '000000000000f8bf' },
  { what: 'zero below zero', sql: '-0e0', bytes: '0000000000000080', ofMariaDb: '0000000000000000' },
  { what: 'a moment of UTC', sql: 'FROM_UNIXTIME(1)', bytes: 'b2070101000001' },
  { what: 'a quote and a backslash', sql: "'\\'\\\\'", bytes: utf8("'\\") },
];

/** The problems of the received values, in the order of the canary. */
export function canaryProblems(found: readonly (Buffer | null)[], dialect: Dialect): string[] {
  return CANARY.flatMap(({ what, bytes, ofMariaDb }, i) => {
    const expected = (dialect === 'mariaDb' ? ofMariaDb : undefined) ?? bytes;
    const hex = found[i]?.toString('hex') ?? 'nothing';
    return hex === expected ? [] : [`${what} came as ${hex}, expected ${expected}`];
  });
}
