/**
 * Whether a connection is compressed: where rows come faster so, because the link and not the processor is the limit.
 * A pure function of what was measured. The rates are those of one core of the server; see ADR 0037.
 */
import type { CompressionAlgorithm } from '../wire/compressedLink.ts';

export interface LinkSpeed {
  readonly roundTripMs: number;
  /** What one connection brings, not compressed. */
  readonly bytesPerSecond: number;
}

export interface CompressionChoice {
  readonly use: CompressionAlgorithm | 'off';
  /** For people: what was measured, and what follows. */
  readonly why: string;
}

/** Bytes of rows that one core of a server compresses in a second (wide rows of `orders`, MySQL 9.7, MariaDB 10.11). */
const COMPRESSED_BYTES_PER_SECOND: Readonly<Record<CompressionAlgorithm, number>> = {
  zlib: 38e6,
  zstd: 95e6,
};
/** What compressed rows take of their size. */
const RATIO = 3;
/**
 * The rates above are of a core that is free. A server with other work, or with several streams at once, has less of
 * one: where both servers and the client shared two cores, zstd took 1.6 times as long at 70 MB/s a connection.
 */
const GAIN_MIN = 2;

export function chooseCompression(
  link: LinkSpeed,
  offered: readonly CompressionAlgorithm[],
): CompressionChoice {
  const found = linkWords(link);
  if (offered.length === 0) {
    return { use: 'off', why: `${found}; the server offers no compression` };
  }
  const gains = offered.map((algorithm) => ({ algorithm, gain: gainOf(algorithm, link) }));
  const best = gains.reduce((one, other) => (other.gain > one.gain ? other : one));
  if (best.gain < GAIN_MIN) {
    return {
      use: 'off',
      why: `${found}; not compressed, because compressing (${best.algorithm}) is not much faster than the link`,
    };
  }
  return {
    use: best.algorithm,
    why: `${found}; compressed by ${best.algorithm}, because the link is much slower than compressing`,
  };
}

/** A gain of less than a round trip a page does not show, so the round trip does not count. */
function gainOf(algorithm: CompressionAlgorithm, { bytesPerSecond }: LinkSpeed): number {
  const compressed = Math.min(COMPRESSED_BYTES_PER_SECOND[algorithm], RATIO * bytesPerSecond);
  return compressed / bytesPerSecond;
}

function linkWords({ roundTripMs, bytesPerSecond }: LinkSpeed): string {
  const megabytes = bytesPerSecond / 1e6;
  return `round trip ${short(roundTripMs)} ms, ${short(megabytes)} MB/s a connection`;
}

/** Two digits. */
function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}
