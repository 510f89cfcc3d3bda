/** A table of whole numbers on a server, from which others are filled in one statement each. */
import type { connect } from '@rowparity/testkit';

export type Connection = Awaited<ReturnType<typeof connect>>;

const DIGITS = '0123456789';

/** `numbers.n`: 0 up to `count`, exclusive. */
export async function makeNumbers(connection: Connection, count: number): Promise<void> {
  await connection.query('CREATE TABLE numbers (n BIGINT NOT NULL PRIMARY KEY)');
  const digits = [...DIGITS].map((digit) => `SELECT ${digit} AS d`).join(' UNION ALL ');
  const places = Math.max(1, Math.ceil(Math.log10(count)));
  const tables = Array.from({ length: places }, (_, i) => `(${digits}) t${i}`).join(', ');
  const sum = Array.from({ length: places }, (_, i) => `t${i}.d * ${10 ** i}`).join(' + ');
  await connection.query(`INSERT INTO numbers SELECT ${sum} AS n FROM ${tables} HAVING n < ${count}`);
}
