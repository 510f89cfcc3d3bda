/** The rows of a digest statement. A missing or invalid number is a fault, never a different digest. */
import type { ColumnValue, ProbedDigests, RangeDigest } from '@rowparity/core';
import { PROBED } from '../sql/probedDigestSql.ts';
import type { DigestBits } from '../sql/sideSql.ts';
import { protocolBroken } from '../wire/brokenProtocol.ts';

const DIGITS = /^(0|[1-9]\d{0,15})$/;
const HEX = { 64: /^[0-9A-F]{16}$/, 256: /^[0-9A-F]{64}$/ } as const;

/** Of a statement or a server: how long its digests are, and what faults name. */
export interface DigestForm {
  readonly bits: DigestBits;
  readonly server: string;
}

/** The digests in the order of their places; each row is a place and a digest. */
export function digestsOfRows(
  rows: readonly (readonly ColumnValue[])[],
  form: DigestForm,
): readonly RangeDigest[] {
  const byPlace = new Map(rows.map((values) => [String(values[0]), digestAt(values, 1, form)]));
  return rows.map((_, place) => {
    const digest = byPlace.get(String(place));
    if (!digest) throw protocolBroken(form.server, `expected the digest of range ${place}`);
    return digest;
  });
}

/** Undefined when the row of the probe is not there. */
export function probedDigestsOfRow(
  values: readonly ColumnValue[],
  form: DigestForm,
): ProbedDigests | undefined {
  const isThere = String(values[0]);
  if (isThere !== '0' && isThere !== '1') throw protocolBroken(form.server, 'expected 0 or 1 row of a probe');
  const digests = PROBED.map((name, i) => [name, digestAt(values, 1 + 2 * i, form)] as const);
  if (isThere === '0') return undefined;
  return Object.fromEntries(digests) as Record<(typeof PROBED)[number], RangeDigest>;
}

function digestAt(values: readonly ColumnValue[], i: number, { bits, server }: DigestForm): RangeDigest {
  const [rows, digest] = [String(values[i]), String(values[i + 1])];
  const isDigest = DIGITS.test(rows) && Number.isSafeInteger(Number(rows)) && HEX[bits].test(digest);
  if (!isDigest || (rows === '0' && !/^0+$/.test(digest))) {
    throw protocolBroken(server, `a digest is not a number of rows and ${bits} bits`);
  }
  return { rows: Number(rows), digest };
}
