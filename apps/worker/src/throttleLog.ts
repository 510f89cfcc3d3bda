/** Says once in the log when reading from a server pauses, and by which reason; a reason that lasts is not repeated. */
import type { Throttle } from '@rowparity/core';
import type { Log } from '@rowparity/runtime';

/** Reasons of a healthy pace, which come and go many times a second. */
const PACE: ReadonlySet<Throttle['kind']> = new Set(['streams', 'rows', 'bytes', 'turn', 'asking']);
/** The same reason of a server is told again after this time. */
const AGAIN_MS = 60_000;
const SERVERS_MAX = 1000;

export class ThrottleLog {
  readonly #log: Log;
  readonly #clock: { steadyNow(): number };
  readonly #told = new Map<string, { readonly kind: Throttle['kind']; readonly atMs: number }>();

  constructor(log: Log, clock: { steadyNow(): number }) {
    this.#log = log;
    this.#clock = clock;
  }

  readonly onThrottle = ({ host, kind, message }: Throttle): void => {
    if (PACE.has(kind)) return;
    const atMs = this.#clock.steadyNow();
    const before = this.#told.get(host);
    if (before?.kind === kind && atMs - before.atMs < AGAIN_MS) return;
    if (this.#told.size > SERVERS_MAX) this.#told.clear();
    this.#told.set(host, { kind, atMs });
    this.#log.warn({ host, reason: kind }, `no statement begins on ${host}: ${message}`);
  };
}
