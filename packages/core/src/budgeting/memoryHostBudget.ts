/** The budget of one process, as `check` is. */
import type { Clock, HostPause } from '@rowparity/contracts';
import type {
  AdmitInput,
  BudgetGrant,
  BudgetHost,
  HostBudget,
  HostRead,
  HostSignals,
  PauseReadings,
  Throttle,
} from '../ports/hostBudget.ts';
import { Admissions, type Ticket } from './admissions.ts';
import { type HostState, nextHostState } from './hostState.ts';
import { hasSignals } from './limits.ts';
import { POLL_MS, pauseOf, SAMPLE_MS } from './sampling.ts';

export interface MemoryHostBudgetDeps {
  readonly clock: Clock;
  readonly signals: HostSignals;
}

export class MemoryHostBudget implements HostBudget, PauseReadings {
  readonly #deps: MemoryHostBudgetDeps;
  readonly #admissions = new Admissions();
  readonly #states = new Map<string, HostState>();
  readonly #names = new Map<string, string>();
  readonly #sampling = new Map<string, Promise<void>>();
  readonly #closed = new AbortController();
  #tickets = 0;
  #released = Promise.withResolvers<void>();

  constructor(deps: MemoryHostBudgetDeps) {
    this.#deps = deps;
  }

  async admit({ runId, needs, onWait }: AdmitInput, signal: AbortSignal): Promise<BudgetGrant> {
    this.#tickets += 1;
    const ticket: Ticket = { id: this.#tickets, runId, needs };
    try {
      for (;;) {
        signal.throwIfAborted();
        const throttle = this.#pauseOf(ticket) ?? this.#admissions.tryAdmit(ticket, this.#nowMs);
        if (!throttle) return this.#grantOf(ticket);
        onWait?.(throttle);
        await this.#pollOrRelease(signal);
      }
    } finally {
      this.#admissions.leave(ticket);
    }
  }

  charge(host: BudgetHost, read: HostRead): void {
    this.#admissions.charge(host.id, read);
  }

  async pausesOf(hosts: readonly string[]): Promise<readonly HostPause[]> {
    return hosts.flatMap((id) => {
      const pauses = this.#states.get(id)?.pauses ?? [];
      return pauses.map(({ reasons, ...times }) => ({
        host: this.#names.get(id) ?? id,
        ...times,
        reasons: [...reasons],
      }));
    });
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.all(this.#sampling.values());
    await this.#deps.signals.close();
  }

  get #nowMs(): number {
    return this.#deps.clock.steadyNow();
  }

  /** An admission that waits for a pause is not in line, and others pass it. */
  #pauseOf(ticket: Ticket): Throttle | undefined {
    for (const { host } of ticket.needs) {
      if (!hasSignals(host.limits)) continue;
      this.#names.set(host.id, host.name);
      const state = this.#states.get(host.id);
      const nowMs = this.#deps.clock.now();
      if (!state || Math.abs(nowMs - state.atMs) >= SAMPLE_MS) this.#sample(host);
      const pause = pauseOf(state, { host: host.name, nowMs });
      if (!pause) continue;
      this.#admissions.leave(ticket);
      return pause;
    }
    return undefined;
  }

  #sample(host: BudgetHost): void {
    if (this.#sampling.has(host.id) || this.#closed.signal.aborted) return;
    const { signals, clock } = this.#deps;
    const sampling = signals
      .read(host, this.#closed.signal)
      .catch((error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }))
      .then((readings) => {
        if (this.#closed.signal.aborted) return;
        const judged = { limits: host.limits, nowMs: clock.now() };
        this.#states.set(host.id, nextHostState(this.#states.get(host.id), readings, judged));
      })
      .finally(() => this.#sampling.delete(host.id));
    this.#sampling.set(host.id, sampling);
  }

  /** A place that is given back is taken at once. */
  async #pollOrRelease(signal: AbortSignal): Promise<void> {
    const looking = new AbortController();
    const polling = this.#deps.clock.sleep(POLL_MS, AbortSignal.any([signal, looking.signal]));
    try {
      await Promise.race([polling, this.#released.promise]);
    } finally {
      looking.abort();
      await polling.catch(() => undefined);
    }
  }

  #grantOf(ticket: Ticket): BudgetGrant {
    let isReleased = false;
    return {
      release: (read) => {
        if (isReleased) return;
        isReleased = true;
        this.#admissions.release(ticket, read);
        this.#released.resolve();
        this.#released = Promise.withResolvers();
      },
    };
  }
}
