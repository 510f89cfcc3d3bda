/** How far the clocks of two servers and of this machine are apart, as far as the way to a server lets it be known. */
import type { Finding } from '@rowparity/contracts';
import type { ClockReading } from './facts.ts';

/** Clocks that are set by NTP are closer than this. */
const APART_MS = 1000;

export interface ClockInput {
  readonly source: ClockReading;
  readonly destination: ClockReading;
  /** How far before its time a run of changed rows looks; undefined where it compares all rows. */
  readonly overlapMs: number | undefined;
}

/** Ahead of this machine, and how far it may be off. */
interface Offset {
  readonly ms: number;
  readonly uncertainMs: number;
}

export function clockFindings({ source, destination, overlapMs }: ClockInput): Finding[] {
  const offsets = { source: offsetOf(source), destination: offsetOf(destination) };
  const apart = Math.abs(offsets.source.ms - offsets.destination.ms);
  const certainly = apart - offsets.source.uncertainMs - offsets.destination.uncertainMs;
  const places = ['source', 'destination'] as const;
  const words = places.map((place) => `the ${place}'s is ${aheadText(offsets[place])}`);
  const message = `the servers' clocks are ${timeText(apart)} apart; by this machine's ${words.join(', ')}`;
  const common = { subject: 'both', check: 'clock' } as const;
  if (overlapMs !== undefined && certainly > overlapMs) {
    return [
      {
        ...common,
        level: 'error',
        message: `${message}: more than the overlap of ${timeText(overlapMs)}, so changed rows would be left out`,
        remedy: 'Set the clocks by NTP, or give a longer changedSince.overlapMs.',
      },
    ];
  }
  const late = places.find((place) => Math.abs(offsets[place].ms) - offsets[place].uncertainMs > APART_MS);
  if (certainly > APART_MS || late) {
    return [
      {
        ...common,
        level: 'warning',
        message: `${message}: update times, heartbeats and NOW() in predicates mean other rows on each side`,
        remedy: 'Set the clocks by NTP (timedatectl set-ntp true).',
      },
    ];
  }
  const most = Math.max(...places.map((place) => Math.abs(offsets[place].ms) + offsets[place].uncertainMs));
  return [
    {
      ...common,
      level: 'ok',
      message: `both servers' clocks and this machine's agree within ${timeText(Math.ceil(most))}`,
    },
  ];
}

function offsetOf({ serverMs, beforeMs, afterMs }: ClockReading): Offset {
  return { ms: serverMs - (beforeMs + afterMs) / 2, uncertainMs: (afterMs - beforeMs) / 2 };
}

function aheadText({ ms }: Offset): string {
  return `${timeText(Math.abs(ms))} ${ms < 0 ? 'behind' : 'ahead'}`;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

function timeText(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < 2 * MINUTE_MS) return `${(ms / SECOND_MS).toFixed(1)} s`;
  if (ms < 2 * HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.round(ms / HOUR_MS)} h`;
  return `${Math.round(ms / DAY_MS)} days`;
}
