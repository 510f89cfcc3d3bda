/** What follows from the limits of a server. */
import type { HostLimits, ReadWindow } from '@rowparity/contracts';

const MINUTE_MS = 60_000;
const MINUTES_A_DAY = 1440;

export function isLimited(limits: HostLimits): boolean {
  return Object.values(limits).some((limit) => limit !== undefined);
}

/** Whether something besides our own reading decides: then it must be looked at again and again. */
export function hasSignals(limits: HostLimits): boolean {
  const { maxLoad, throttleQuery, maxLagSeconds, readWindows, pauseFile } = limits;
  return [maxLoad, throttleQuery, maxLagSeconds, readWindows, pauseFile].some((limit) => limit !== undefined);
}

/** Of two connections to one server: what both allow. */
export function strictest(a: HostLimits, b: HostLimits): HostLimits {
  return {
    maxStreams: least(a.maxStreams, b.maxStreams),
    maxRowsPerSecond: least(a.maxRowsPerSecond, b.maxRowsPerSecond),
    maxBytesPerSecond: least(a.maxBytesPerSecond, b.maxBytesPerSecond),
    maxLoad: a.maxLoad && b.maxLoad ? [...a.maxLoad, ...b.maxLoad] : (a.maxLoad ?? b.maxLoad),
    throttleQuery: a.throttleQuery ?? b.throttleQuery,
    maxLagSeconds: least(a.maxLagSeconds, b.maxLagSeconds),
    lagQuery: a.lagQuery ?? b.lagQuery,
    readWindows: a.readWindows ?? b.readWindows,
    pauseFile: a.pauseFile ?? b.pauseFile,
  };
}

export function isWithin(windows: readonly ReadWindow[], nowMs: number): boolean {
  const minute = Math.floor(nowMs / MINUTE_MS) % MINUTES_A_DAY;
  return windows.some(({ fromMinute, toMinute }) =>
    fromMinute < toMinute
      ? minute >= fromMinute && minute < toMinute
      : minute >= fromMinute || minute < toMinute,
  );
}

export function windowText({ fromMinute, toMinute }: ReadWindow): string {
  return `${timeText(fromMinute)}-${timeText(toMinute)}`;
}

function timeText(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
