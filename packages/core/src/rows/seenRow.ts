/** A digest of a row from one reading: enough to detect that the row has changed since. */
import { hash } from 'node:crypto';

export interface SeenRow {
  readonly bytes: number;
  /** 128 bits of SHA-256: no two rows of any table share it by chance or by intent. */
  readonly digest: string;
}

/** Characters of base64 that hold 128 bits. */
export const DIGEST_CHARS = 22;

export function seenRow(content: Uint8Array): SeenRow {
  return { bytes: content.length, digest: hash('sha256', content, 'base64').slice(0, DIGEST_CHARS) };
}

export function isSameSeen(a: SeenRow | null, b: SeenRow | null): boolean {
  if (a === null || b === null) return a === b;
  return a.bytes === b.bytes && a.digest === b.digest;
}
