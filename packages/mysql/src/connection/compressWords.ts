/** The words for protocol compression in a connection URL and in an option file. */
import type { CompressMode } from './connectionTarget.ts';

/** `true` and `false` were there first. */
const MODES = { auto: 'auto', true: 'best', false: 'off', zstd: 'zstd', zlib: 'zlib' } as const;

export function compressModeOf(word: keyof typeof MODES): CompressMode {
  return MODES[word];
}

export function compressWordOf(mode: CompressMode): string {
  if (mode === 'best') return 'true';
  return mode === 'off' ? 'false' : mode;
}

/**
 * MySQL's compression-algorithms lists what may be used: with `uncompressed` and others in it, the link decides. Words
 * that are not known are the servers' matter, as in MySQL's programs: they are left out.
 */
export function compressModeOfList(list: string): CompressMode | undefined {
  const words = new Set(list.toLowerCase().split(/[\s,]+/));
  const compressed = (['zstd', 'zlib'] as const).filter((word) => words.has(word));
  if (compressed.length === 0) return words.has('uncompressed') ? 'off' : undefined;
  if (words.has('uncompressed')) return 'auto';
  return compressed.length === 1 ? compressed[0] : 'best';
}
