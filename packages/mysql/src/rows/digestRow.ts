/** The single row of a digest statement. A missing or invalid number is a fault, never a different digest. */
import type { ColumnValue, ProbedDigests, RangeDigest } from '@rowparity/core';
import { PROBED } from '../sql/probedDigestSql.ts';
import { protocolBroken } from '../wire/brokenProtocol.ts';

const DIGITS = /^(0|[1-9]\d{0,19})$/;
const DIGEST_MAX = 2n ** 64n - 1n;

export function digestOfRow(values: readonly ColumnValue[], server: string): RangeDigest {
  return digestAt(values, 0, server);
}

/** Undefined when the row of the probe is not there. */
export function probedDigestsOfRow(
  values: readonly ColumnValue[],
  server: string,
): ProbedDigests | undefined {
  const isThere = String(values[0]);
  if (isThere !== '0' && isThere !== '1') throw protocolBroken(server, 'expected 0 or 1 row of a probe');
  const digests = PROBED.map((name, i) => [name, digestAt(values, 1 + 2 * i, server)] as const);
  if (isThere === '0') return undefined;
  return Object.fromEntries(digests) as Record<(typeof PROBED)[number], RangeDigest>;
}

function digestAt(values: readonly ColumnValue[], i: number, server: string): RangeDigest {
  const [rows, digest] = [String(values[i]), String(values[i + 1])];
  const isNumeric = DIGITS.test(rows) && DIGITS.test(digest) && BigInt(digest) <= DIGEST_MAX;
  if (!isNumeric || !Number.isSafeInteger(Number(rows)) || (rows === '0' && digest !== '0')) {
    throw protocolBroken(server, 'a digest is not a number of rows and 64 bits');
  }
  return { rows: Number(rows), digest: `${rows} ${digest}` };
}
