/**
 * Detects keys that a server sent but that were not requested, as far as possible without a key order of our own.
 * Integers, decimals and bytes have one order everywhere. Of other values only the same text is recognized.
 */
import type { KeyKind, KeyRange, KeyTuple } from '@rowparity/contracts';
import { isSameKey } from './keyOrder.ts';

/** The key is not after < key <= upTo. A bound may be shorter than a key: then only its columns count. */
export function isOutside(key: KeyTuple, { after, upTo }: KeyRange, kinds: readonly KeyKind[]): boolean {
  if (after) {
    const order = compareKeys(key, after, kinds);
    if (order !== undefined && order <= 0) return true;
  }
  return upTo !== null && (compareKeys(key, upTo, kinds) ?? 0) > 0;
}

/** Checks for every key of an answer to point reads that it was requested and comes once. */
export class AskedKeys {
  readonly #kinds: readonly KeyKind[];
  readonly #asked: ReadonlySet<string>;
  readonly #given = new Set<string>();
  /** Each key matches one row at most. */
  readonly size: number;

  constructor(keys: readonly KeyTuple[], kinds: readonly KeyKind[]) {
    this.#kinds = kinds;
    this.#asked = new Set(keys.map((key) => this.#comparable(key)));
    this.size = new Set(keys.map((key) => JSON.stringify(key))).size;
  }

  take(key: KeyTuple): 'asked' | 'notAsked' | 'twice' {
    const exact = JSON.stringify(key);
    if (this.#given.has(exact)) return 'twice';
    this.#given.add(exact);
    return this.#asked.has(this.#comparable(key)) ? 'asked' : 'notAsked';
  }

  /** A collation matches texts that differ, so any text will do. */
  #comparable(key: KeyTuple): string {
    return JSON.stringify(key.map((text, i) => spelling(text, this.#kinds[i])));
  }
}

/** One text for all spellings of a value: sides may show decimals and times with fewer digits or more. */
function spelling(text: string, kind: KeyKind | undefined): string | null {
  switch (kind) {
    case 'text':
      return null;
    case 'temporal':
      return text.length === 10 ? `${text} 00:00:00` : text;
    case 'integer':
    case 'binary':
      return text;
    default:
      return text
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '')
        .replace(/^-(?=0*$)/, '');
  }
}

/** Undefined where only the server can tell. */
function compareKeys(key: KeyTuple, bound: KeyTuple, kinds: readonly KeyKind[]): number | undefined {
  if (isSameKey(key.slice(0, bound.length), bound)) return 0;
  for (const [i, text] of bound.entries()) {
    const own = key[i] as string;
    if (own === text) continue;
    const order = compareTexts(own, text, kinds[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareTexts(a: string, b: string, kind: KeyKind | undefined): number | undefined {
  if (kind === 'binary') return a < b ? -1 : 1;
  if (kind !== 'integer' && kind !== 'decimal') return undefined;
  const [x, y] = [digitsOf(a), digitsOf(b)];
  if (!x || !y) return undefined;
  const scale = Math.max(x.scale, y.scale);
  const difference = x.value * 10n ** BigInt(scale - x.scale) - y.value * 10n ** BigInt(scale - y.scale);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

function digitsOf(text: string): { readonly value: bigint; readonly scale: number } | undefined {
  const [, whole, fraction = ''] = /^(-?\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return whole === undefined ? undefined : { value: BigInt(whole + fraction), scale: fraction.length };
}
