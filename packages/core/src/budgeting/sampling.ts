/** How often a server is asked, and how old an answer may be. */
import type { Throttle } from '../ports/hostBudget.ts';
import type { HostState } from './hostState.ts';

/** An answer that is older is asked for anew. */
export const SAMPLE_MS = 500;
/** Nothing is admitted by an older answer. With the time of a statement this keeps the reaction below two seconds. */
export const FRESH_MS = 1000;
/** Between two looks of one that waits. */
export const POLL_MS = 200;

/** Undefined: the state speaks for reading. */
export function pauseOf(
  state: Pick<HostState, 'atMs' | 'reasons'> | undefined,
  look: { readonly host: string; readonly nowMs: number },
): Throttle | undefined {
  const [reason] = state?.reasons ?? [];
  if (reason) return { host: look.host, kind: reason.kind, message: reason.message };
  const ageMs = state === undefined ? Number.POSITIVE_INFINITY : Math.abs(look.nowMs - state.atMs);
  if (ageMs <= FRESH_MS) return undefined;
  const message = Number.isFinite(ageMs)
    ? `the signals of this server were read ${Math.round(ageMs / 100) / 10} s ago, and are read anew`
    : 'the signals of this server are being read';
  return { host: look.host, kind: 'asking', message };
}
