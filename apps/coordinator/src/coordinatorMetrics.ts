/** A coordinator's own metrics: who leads, the statements of planning, the queue. The reporter has the runs'. */
import type { Clock } from '@rowparity/contracts';
import { createMetrics, Gauge, type Registry, StatementTimes } from '@rowparity/runtime';

/** A scrape does not wait for a Redis that is away: what it would tell is absent then. */
const QUEUE_ANSWER_MS = 1000;

export interface CoordinatorState {
  isLeading(): boolean;
  readonly clock: Clock;
  readonly queue: {
    counts(): Promise<{ readonly waiting: number; readonly active: number; readonly delayed: number }>;
    oldestWaitingSince(): Promise<number | undefined>;
  };
}

export function coordinatorMetrics(state: CoordinatorState) {
  const registry = createMetrics('coordinator');
  new Gauge({
    name: 'rowparity_coordinator_leading',
    help: '1 while this coordinator is the one that plans and settles; the sum over all is 1',
    registers: [registry],
    collect() {
      this.set(state.isLeading() ? 1 : 0);
    },
  });
  queueGauges(registry, state);
  return { registry, statements: new StatementTimes(registry) };
}

/** Every coordinator tells the same: take the largest. */
function queueGauges(registry: Registry, { queue, clock }: CoordinatorState): void {
  const answer = async <T>(question: Promise<T>): Promise<T | undefined> => {
    const late = new AbortController();
    const none = clock.sleep(QUEUE_ANSWER_MS, late.signal).then(
      () => undefined,
      () => undefined,
    );
    // The outage of Redis has its lines in the log.
    const found = await Promise.race([question.catch(() => undefined), none]);
    late.abort();
    return found;
  };
  new Gauge({
    name: 'rowparity_queue_jobs',
    help: 'Shard jobs on the queue; delayed ones wait for another try, or for their candidates alone',
    labelNames: ['state'],
    registers: [registry],
    async collect() {
      this.reset();
      const counts = await answer(queue.counts());
      for (const [name, jobs] of Object.entries(counts ?? {})) this.set({ state: name }, jobs);
    },
  });
  new Gauge({
    name: 'rowparity_queue_oldest_seconds',
    help: 'Age of the shard job that has waited longest; 0 when none waits',
    labelNames: [],
    registers: [registry],
    async collect() {
      this.remove();
      const since = await answer(queue.oldestWaitingSince().then((found) => ({ found })));
      if (since) this.set(since.found === undefined ? 0 : Math.max(0, clock.now() - since.found) / 1000);
    },
  });
}
