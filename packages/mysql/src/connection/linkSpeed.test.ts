import { expect, it } from 'vitest';
import { measureLink } from './linkSpeed.ts';

interface Link {
  readonly roundTripMs: number;
  readonly bytesPerSecond: number;
  /** What TCP sends in its first round trip; it doubles with each. */
  readonly windowBytes?: number;
  readonly longestBytes?: number;
  /** What a token bucket lets through at once. */
  readonly burstBytes?: number;
  /** Added to each answer in turn. */
  readonly disturbedMs?: readonly number[];
}

/** A link whose time is counted and not waited for. */
function simulated(link: Link) {
  let nowMs = 0;
  let window = link.windowBytes ?? Number.POSITIVE_INFINITY;
  let bucket = link.burstBytes ?? 0;
  let filledAtMs = 0;
  const asked: number[] = [];
  const answer = async (bytes: number) => {
    nowMs += link.roundTripMs;
    bucket = Math.min(link.burstBytes ?? 0, bucket + ((nowMs - filledAtMs) * link.bytesPerSecond) / 1000);
    nowMs += (1000 * Math.max(0, bytes - bucket)) / link.bytesPerSecond;
    bucket = Math.max(0, bucket - bytes);
    filledAtMs = nowMs;
    nowMs += link.disturbedMs?.[asked.length % link.disturbedMs.length] ?? 0;
    for (let sent = window; sent < bytes; sent += window) {
      window *= 2;
      nowMs += link.roundTripMs;
    }
    asked.push(bytes);
    return bytes > (link.longestBytes ?? Number.POSITIVE_INFINITY) ? 0 : bytes;
  };
  return { answer, now: () => nowMs, asked };
}

it.each([
  ['1 Mbit/s', 0.125, 0.1],
  ['10 Mbit/s, 50 ms away', 1.25, 50],
  ['100 Mbit/s', 12.5, 0.2],
  ['100 Mbit/s, 20 ms away', 12.5, 20],
  ['1000 Mbit/s', 125, 0.2],
] as const)('tells round trip and rate apart: %s', async (_name, megabytes, roundTripMs) => {
  const link = simulated({ roundTripMs, bytesPerSecond: megabytes * 1e6 });
  const found = await measureLink(link);
  expect(found.roundTripMs).toBeCloseTo(roundTripMs, 1);
  expect(found.bytesPerSecond / 1e6 / megabytes).toBeCloseTo(1, 1);
  expect(link.now()).toBeLessThan(1500);
});

it('a link that TCP fills slowly is not taken for a slow one', async () => {
  const link = simulated({ roundTripMs: 20, bytesPerSecond: 125e6, windowBytes: 14_600 });
  expect((await measureLink(link)).bytesPerSecond).toBeGreaterThan(80e6);
});

it('a slow link is asked for one answer of 64 KiB alone', async () => {
  const link = simulated({ roundTripMs: 100, bytesPerSecond: 125_000 });
  await measureLink(link);
  expect(link.asked).toEqual([1, 65_536]);
});

it('the burst that a token bucket lets through is not taken for the rate', async () => {
  const link = simulated({ roundTripMs: 0.1, bytesPerSecond: 12.5e6, burstBytes: 256 * 1024 });
  expect((await measureLink(link)).bytesPerSecond).toBeLessThan(14e6);
});

it('where bytes set the pace, no longer answer is asked for', async () => {
  const link = simulated({ roundTripMs: 0.1, bytesPerSecond: 12.5e6 });
  await measureLink(link);
  expect(link.asked.slice(3)).toEqual([65_536, 65_536, 65_536, 262_144, 262_144, 262_144]);
});

it('a loopback takes a few answers and a millisecond or two', async () => {
  const link = simulated({ roundTripMs: 0.05, bytesPerSecond: 2e9 });
  expect((await measureLink(link)).bytesPerSecond).toBe(400e6);
  expect(link.asked).toEqual([1, 1, 1, 65_536, 262_144, 1_048_576]);
  expect(link.now()).toBeLessThan(2);
});

it('what a busy machine adds to some of the answers does not count', async () => {
  const link = simulated({ roundTripMs: 0.1, bytesPerSecond: 2e9, disturbedMs: [5, 0, 5] });
  expect((await measureLink(link)).bytesPerSecond).toBe(400e6);
});

it('where the server refuses long answers, the shorter ones tell', async () => {
  const link = simulated({ roundTripMs: 0.1, bytesPerSecond: 12.5e6, longestBytes: 100_000 });
  expect((await measureLink(link)).bytesPerSecond).toBeCloseTo(12.5e6, -5);
});
