/**
 * What a compressed frame holds, by the two algorithms of MySQL's protocol. A content that is not whole, has bytes
 * behind its end, or gives another length than its frame announces is broken: Node's functions alone take some of
 * these.
 */
import { inflateSync, zstdDecompressSync } from 'node:zlib';

export type CompressionAlgorithm = 'zlib' | 'zstd';

/** Node's smallest. */
const CHUNK_BYTES_MIN = 64;
/** An output that fills its chunk asks for another one. */
const CHUNK_SPARE_BYTES = 64;

const DECOMPRESS = { zlib: inflateSync, zstd: zstdDecompressSync } as const;

/** With `info`, which Node's types leave out. */
interface Decompressed {
  readonly buffer: Buffer;
  /** `bytesWritten`: what was read of the input. */
  readonly engine: { readonly bytesWritten: number };
}

/** Undefined when the content is broken. `length`: what it must give; no more is held. */
export function decompressed(
  algorithm: CompressionAlgorithm,
  content: Buffer,
  length: number,
): Buffer | undefined {
  const options = {
    info: true,
    maxOutputLength: length,
    chunkSize: Math.max(CHUNK_BYTES_MIN, length + CHUNK_SPARE_BYTES),
  };
  let found: Decompressed;
  try {
    found = DECOMPRESS[algorithm](content, options) as unknown as Decompressed;
  } catch {
    return undefined;
  }
  const isWhole = found.buffer.length === length && found.engine.bytesWritten === content.length;
  return isWhole ? found.buffer : undefined;
}
