/** For how long shards wait for the budget of a server, by the reason. A wait counts while it lasts. */
import type { HostBudget, Throttle } from '@rowparity/core';
import { Counter, type Registry } from '@rowparity/runtime';

export class ThrottledSeconds {
  readonly #seconds: Counter<'host' | 'reason'>;

  constructor(registry: Registry) {
    this.#seconds = new Counter({
      name: 'rowparity_host_throttled_seconds_total',
      help: 'Time that shards waited for the budget of a database server, by reason; shards that wait together add up',
      labelNames: ['host', 'reason'],
      registers: [registry],
    });
  }

  timed(budget: HostBudget): HostBudget {
    return {
      admit: async (input, signal) => {
        const wait = this.#wait();
        try {
          return await budget.admit(
            {
              ...input,
              onWait: (throttle) => {
                wait.look(throttle);
                input.onWait?.(throttle);
              },
            },
            signal,
          );
        } finally {
          wait.look();
        }
      },
      charge: (host, read) => budget.charge(host, read),
      close: () => budget.close(),
    };
  }

  /** Of one admission: the time between two looks belongs to the reason that the first one found. */
  #wait() {
    let last: { readonly throttle: Throttle; readonly atMs: number } | undefined;
    return {
      look: (throttle?: Throttle) => {
        const atMs = performance.now();
        if (last) {
          const { host, kind: reason } = last.throttle;
          this.#seconds.inc({ host, reason }, (atMs - last.atMs) / 1000);
        }
        last = throttle && { throttle, atMs };
      },
    };
  }
}
