/** A time in which no new reading began on one database server, with its reasons. */
import { z } from 'zod';
import { epochMs } from './scalars.ts';

/** Pauses that a report tells, the newest first. */
export const PAUSES_TOLD_MAX = 20;
const REASONS_MAX = 20;

/**
 * `load`: a status variable. `query`: the operator's query. `lag`: the replica is behind. `flag`: a person paused it.
 * `window`: outside the hours of reading. `unread`: a signal could not be read.
 */
export const pauseKind = z.enum(['load', 'query', 'lag', 'flag', 'window', 'unread']);
export type PauseKind = z.infer<typeof pauseKind>;

export const pauseReason = z.strictObject({ kind: pauseKind, message: z.string().max(500) });
export type PauseReason = z.infer<typeof pauseReason>;

export const hostPause = z.strictObject({
  /** As the server names itself: host:port. */
  host: z.string(),
  from: epochMs,
  /** Null while it lasts. */
  to: epochMs.nullable(),
  /** As they were seen last. */
  reasons: z.array(pauseReason).max(REASONS_MAX),
});
export type HostPause = z.infer<typeof hostPause>;
