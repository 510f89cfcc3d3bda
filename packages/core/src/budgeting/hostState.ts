/**
 * Whether a server may be read now, from what it said and from the state before. A pause ends only well below its
 * limit, and after some calm, so that reading does not go on and off.
 */
import { type HostLimits, type PauseReason, RESUME_SHARE } from '@rowparity/contracts';
import type { HostReadings } from '../ports/hostBudget.ts';
import { isWithin, windowText } from './limits.ts';

/** So long nothing may speak against reading before it starts again after load, query or lag. */
const CALM_MS = 2000;
/** Pauses of one server that are remembered, for reports and for the time that is left. */
const PAUSES_MAX = 100;
const MESSAGE_MAX = 500;

export interface PastPause {
  readonly from: number;
  readonly to: number | null;
  readonly reasons: readonly PauseReason[];
}

export interface HostState {
  /** When it was made; by the clock that the budget counts with. */
  readonly atMs: number;
  /** None: reading may begin. */
  readonly reasons: readonly PauseReason[];
  /** Since when nothing has spoken against reading, while the pause lasts. */
  readonly calmSinceMs: number | null;
  /** The newest first. */
  readonly pauses: readonly PastPause[];
}

const NO_STATE: HostState = { atMs: 0, reasons: [], calmSinceMs: null, pauses: [] };

export function nextHostState(
  before: HostState = NO_STATE,
  sample: HostReadings,
  { limits, nowMs }: { readonly limits: HostLimits; readonly nowMs: number },
): HostState {
  const now = reasonsNow(before, sample, { limits, nowMs });
  if (now.length > 0) return paused(before, now, nowMs);
  if (before.reasons.length === 0) return { ...before, atMs: nowMs };
  // A clock that was set back makes the calm begin anew.
  const calmSinceMs = Math.min(before.calmSinceMs ?? nowMs, nowMs);
  const calming = before.reasons.filter(({ kind }) => NEEDS_CALM.has(kind));
  if (calming.length > 0 && nowMs - calmSinceMs < CALM_MS) {
    return { ...before, atMs: nowMs, reasons: calming, calmSinceMs };
  }
  return { atMs: nowMs, reasons: [], calmSinceMs: null, pauses: ended(before.pauses, nowMs) };
}

const NEEDS_CALM: ReadonlySet<PauseReason['kind']> = new Set(['load', 'query', 'lag']);

interface Judged {
  readonly limits: HostLimits;
  readonly nowMs: number;
}

function reasonsNow(before: HostState, readings: HostReadings, judged: Judged): PauseReason[] {
  const { load, problem, flag } = readings;
  const { limits, nowMs } = judged;
  const reasons: PauseReason[] = [];
  const add = (kind: PauseReason['kind'], message: string) =>
    reasons.push({ kind, message: message.slice(0, MESSAGE_MAX) });
  if (flag !== undefined) add('flag', flag);
  if (limits.readWindows && !isWithin(limits.readWindows, nowMs)) {
    const now = new Date(nowMs).toISOString().slice(11, 16);
    add('window', `${now} UTC is outside of ${limits.readWindows.map(windowText).join(', ')}`);
  }
  if (problem !== undefined) add('unread', problem);
  const wasHeld = (kind: PauseReason['kind'], subject: string) =>
    before.reasons.some((reason) => reason.kind === kind && reason.message.startsWith(subject));
  for (const { variable, max } of (load && limits.maxLoad) ?? []) {
    const value = load?.get(variable);
    const limit = { max, isHeld: wasHeld('load', `${variable} `) };
    if (value === undefined) add('unread', `the server has no status variable ${variable}`);
    else if (isAbove(value, limit)) add('load', `${variable} ${aboveText(value, limit)}`);
  }
  const { query, lagSeconds } = readings;
  if (query !== undefined && query > 0) add('query', `the throttle query gave ${query}, which is above 0`);
  if (limits.maxLagSeconds !== undefined && lagSeconds === null) {
    add('lag', 'the replica does not tell its lag: replication is stopped');
  } else if (limits.maxLagSeconds !== undefined && lagSeconds != null) {
    const limit = { max: limits.maxLagSeconds, isHeld: wasHeld('lag', 'lag ') };
    if (isAbove(lagSeconds, limit)) add('lag', `lag ${aboveText(lagSeconds, limit)} s`);
  }
  return reasons;
}

interface Limit {
  readonly max: number;
  /** It has paused reading already. */
  readonly isHeld: boolean;
}

function isAbove(value: number, { max, isHeld }: Limit): boolean {
  return value >= (isHeld ? max * RESUME_SHARE : max);
}

function aboveText(value: number, { max }: Limit): string {
  if (value >= max) return `${value} ≥ ${max}`;
  return `${value} ≥ ${Math.round(max * RESUME_SHARE * 10) / 10}, from where on reading starts again`;
}

function paused(before: HostState, reasons: readonly PauseReason[], nowMs: number): HostState {
  const [last, ...older] = before.pauses;
  const pauses =
    last && last.to === null
      ? [{ ...last, reasons }, ...older]
      : [{ from: nowMs, to: null, reasons }, ...before.pauses].slice(0, PAUSES_MAX);
  return { atMs: nowMs, reasons, calmSinceMs: null, pauses };
}

function ended(pauses: readonly PastPause[], nowMs: number): readonly PastPause[] {
  return pauses.map((pause) => (pause.to === null ? { ...pause, to: Math.max(pause.from, nowMs) } : pause));
}
