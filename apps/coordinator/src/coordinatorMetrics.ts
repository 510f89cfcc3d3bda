/** A coordinator's own metrics. The reporter has the metrics of the runs. */
import { createMetrics, Gauge } from '@rowparity/runtime';

export function coordinatorMetrics(isLeading: () => boolean) {
  const registry = createMetrics('coordinator');
  new Gauge({
    name: 'rowparity_coordinator_leading',
    help: '1 while this coordinator is the one that plans and settles; the sum over all is 1',
    registers: [registry],
    collect() {
      this.set(isLeading() ? 1 : 0);
    },
  });
  return registry;
}
