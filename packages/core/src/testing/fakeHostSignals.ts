/** Signals of servers as a test sets them, by the id of the server. It keeps the port's rule: only what limits name. */
import type { BudgetHost, HostReadings, HostSignals } from '../ports/hostBudget.ts';

export class FakeHostSignals implements HostSignals {
  readonly readings = new Map<string, HostReadings>();
  /** Awaited by every read. */
  beforeRead: (() => Promise<void>) | undefined;
  reads = 0;
  /** Most reads of one server at one time. */
  togetherMax = 0;
  readonly #together = new Map<string, number>();

  async read({ id, limits }: BudgetHost): Promise<HostReadings> {
    const together = (this.#together.get(id) ?? 0) + 1;
    this.#together.set(id, together);
    this.togetherMax = Math.max(this.togetherMax, together);
    this.reads += 1;
    try {
      await this.beforeRead?.();
    } finally {
      this.#together.set(id, (this.#together.get(id) ?? 1) - 1);
    }
    const { load, query, lagSeconds, flag, problem } = this.readings.get(id) ?? {};
    if (problem !== undefined) return { problem };
    return {
      ...(limits.maxLoad ? { load: load ?? new Map() } : {}),
      ...(limits.throttleQuery === undefined ? {} : { query: query ?? 0 }),
      ...(limits.maxLagSeconds === undefined ? {} : { lagSeconds }),
      ...(limits.pauseFile === undefined ? {} : { flag }),
    };
  }

  async close(): Promise<void> {}
}
