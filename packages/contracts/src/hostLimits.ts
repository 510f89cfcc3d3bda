/**
 * How much load one database server may get from the whole fleet. Options and connection URLs have the same texts and
 * names.
 */
import { z } from 'zod';

/** Reading starts again only below this share of a limit, so that it does not go on and off. */
export const RESUME_SHARE = 0.8;

const RATE_MAX = 1_000_000_000_000;
const STREAMS_MAX = 10_000;
const LAG_SECONDS_MAX = 86_400;
const LOADS_MAX = 10;
const WINDOWS_MAX = 20;
const QUERY_CHARACTERS_MAX = 2000;
const MINUTES_A_DAY = 1440;

/** A status variable of the server, and the value from which on reading pauses. */
export interface LoadLimit {
  readonly variable: string;
  readonly max: number;
}

/** Minutes of the day, UTC. A window whose end comes first goes over midnight. */
export interface ReadWindow {
  readonly fromMinute: number;
  readonly toMinute: number;
}

export interface HostLimits {
  /** Statements that read pages, digests or whole tables at one time. */
  readonly maxStreams?: number | undefined;
  readonly maxRowsPerSecond?: number | undefined;
  readonly maxBytesPerSecond?: number | undefined;
  readonly maxLoad?: readonly LoadLimit[] | undefined;
  /** SQL; a number above 0 means pause. */
  readonly throttleQuery?: string | undefined;
  readonly maxLagSeconds?: number | undefined;
  /** SQL that tells the lag in seconds. Left out: the server's replica status. */
  readonly lagQuery?: string | undefined;
  readonly readWindows?: readonly ReadWindow[] | undefined;
  /** While this file exists, reading pauses. */
  readonly pauseFile?: string | undefined;
}

const query = z
  .string()
  .max(QUERY_CHARACTERS_MAX, `expected at most ${QUERY_CHARACTERS_MAX} characters`)
  .regex(/^\s*(select|with|show)\b/i, 'expected a query that begins with SELECT, WITH or SHOW')
  .optional();

/** Readers of the texts; each may be left out. */
export const hostLimitTexts = {
  maxStreams: wholeText({ min: 1, max: STREAMS_MAX }),
  maxRowsPerSecond: wholeText({ min: 1, max: RATE_MAX }),
  maxBytesPerSecond: wholeText({ min: 1, max: RATE_MAX }),
  maxLoad: z.string().transform(readLoads).optional(),
  throttleQuery: query,
  maxLagSeconds: wholeText({ min: 1, max: LAG_SECONDS_MAX }),
  lagQuery: query,
  readWindows: z.string().transform(readWindows).optional(),
  pauseFile: z.string().min(1, 'expected the name of a file').optional(),
} as const;

function wholeText({ min, max }: { readonly min: number; readonly max: number }) {
  const message = `expected a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d+$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message))
    .optional();
}

function readLoads(text: string, ctx: z.RefinementCtx<string>): readonly LoadLimit[] {
  const expected = `expected status variables with their limits, at most ${LOADS_MAX}, as in Threads_running=40`;
  const loads = text.split(',').map((part) => /^\s*([A-Za-z_]+)=(\d{1,15})\s*$/.exec(part));
  const isRead = loads.length <= LOADS_MAX && loads.every((load) => load !== null && Number(load[2]) > 0);
  if (!isRead) {
    ctx.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  }
  return loads.map((load) => ({ variable: load?.[1] ?? '', max: Number(load?.[2]) }));
}

function readWindows(text: string, ctx: z.RefinementCtx<string>): readonly ReadWindow[] {
  const expected = `expected windows of the day in UTC, at most ${WINDOWS_MAX}, as in 22:00-06:00`;
  const windows = text.split(',').map(windowOf);
  const found = windows.filter((window) => window !== undefined);
  if (found.length === windows.length && windows.length <= WINDOWS_MAX) return found;
  ctx.addIssue({ code: 'custom', message: expected });
  return z.NEVER;
}

function windowOf(text: string): ReadWindow | undefined {
  const [, from, fromMinutes, to, toMinutes] = /^\s*(\d\d):(\d\d)-(\d\d):(\d\d)\s*$/.exec(text) ?? [];
  const fromMinute = minuteOf(from, fromMinutes);
  const toMinute = minuteOf(to, toMinutes);
  if (fromMinute === undefined || toMinute === undefined || fromMinute === toMinute) return undefined;
  return fromMinute < MINUTES_A_DAY ? { fromMinute, toMinute } : undefined;
}

/** 24:00 is the end of the day. */
function minuteOf(hours: string | undefined, minutes: string | undefined): number | undefined {
  const minute = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && minute <= MINUTES_A_DAY ? minute : undefined;
}
