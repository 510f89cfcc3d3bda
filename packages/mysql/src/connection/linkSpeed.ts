/**
 * Measures the link to a server on a plain connection: the round trip by answers of one byte, and the rate by answers
 * that grow until their bytes, and no longer the round trips in which TCP begins slowly, set their time. The least time
 * counts, because a busy machine only adds to it.
 */
import type { LinkSpeed } from './compressionChoice.ts';

const SIZES = [64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024] as const;
/** A faster link is not told apart: at this rate every processor is the limit. */
const FAST_BYTES_PER_SECOND = 400e6;
/** Links with a token bucket let some hundred kilobytes through at once: a shorter answer proves no rate. */
const BURST_BYTES = 1024 * 1024;
/** On a fast machine these few take a millisecond together. */
const TRIES = 3;
/** One answer of a slow link is exact enough; a far one needs several, in which TCP opens its window. */
const LONG_MS = 100;
/** A rate that has grown by less is the link's own. */
const GROWTH = 1.5;
/** The next answer may take this long: 64 KiB at 1 Mbit/s are measured, 256 KiB are not. */
const ANSWER_MS_MAX = 1000;

export interface LinkProbe {
  /** Asks for an answer of so many bytes. Resolves with how many came: a server may refuse a long one. */
  answer(bytes: number): Promise<number>;
  /** Steady, in milliseconds. */
  now(): number;
}

export async function measureLink(probe: LinkProbe): Promise<LinkSpeed> {
  const roundTripMs = (await leastMs(probe, { bytes: 1, enoughMs: 0 })) as number;
  let before = 0;
  for (const bytes of SIZES) {
    const rate = () => rateOf(probe, bytes, roundTripMs);
    let bytesPerSecond = await rate();
    // The bucket is empty now.
    if (bytesPerSecond !== undefined && bytesPerSecond * GROWTH < before) bytesPerSecond = await rate();
    if (bytesPerSecond === undefined) break;
    const isFast = bytesPerSecond >= FAST_BYTES_PER_SECOND;
    const isLinks = before > 0 && bytesPerSecond < GROWTH * before;
    const isLong = roundTripMs + (4000 * bytes) / bytesPerSecond > ANSWER_MS_MAX;
    before = bytesPerSecond;
    if (isFast ? bytes >= BURST_BYTES : isLinks || isLong) break;
  }
  return { roundTripMs, bytesPerSecond: before };
}

async function rateOf(probe: LinkProbe, bytes: number, roundTripMs: number): Promise<number | undefined> {
  const fastMs = (1000 * bytes) / FAST_BYTES_PER_SECOND;
  const ms = await leastMs(probe, { bytes, enoughMs: roundTripMs + fastMs });
  if (ms === undefined) return undefined;
  return ms - roundTripMs <= fastMs ? FAST_BYTES_PER_SECOND : (1000 * bytes) / (ms - roundTripMs);
}

/** Of a few tries, or of fewer where one took no longer than `enoughMs`. Undefined: there is no answer of that size. */
async function leastMs(
  { answer, now }: LinkProbe,
  asked: { readonly bytes: number; readonly enoughMs: number },
): Promise<number | undefined> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES; i += 1) {
    const begin = now();
    if ((await answer(asked.bytes)) !== asked.bytes) return undefined;
    least = Math.min(least, now() - begin);
    if (least <= asked.enoughMs || least > LONG_MS) break;
  }
  return least;
}
