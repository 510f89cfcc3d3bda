/** What a worker counts. */
import { type Counts, confirmedOf } from '@rowparity/contracts';
import type { Throttle } from '@rowparity/core';
import { Counter, createMetrics } from '@rowparity/runtime';

export function workerMetrics() {
  const registry = createMetrics('worker');
  const registers = [registry];
  const rows = new Counter({
    name: 'rowparity_rows_total',
    help: 'Rows compared and committed',
    labelNames: ['side'],
    registers,
  });
  const found = new Counter({
    name: 'rowparity_inconsistencies_total',
    help: 'Confirmed inconsistencies',
    registers,
  });
  const shards = new Counter({
    name: 'rowparity_shards_total',
    help: 'Shards ended',
    labelNames: ['outcome'],
    registers,
  });
  const throttles = new Counter({
    name: 'rowparity_host_throttled_total',
    help: 'Looks at the budget of a database server that found no room, by reason; a waiting shard looks some times a second',
    labelNames: ['host', 'reason'],
    registers,
  });
  const onCommit = (add: Counts) => {
    rows.inc({ side: 'base' }, add.rowsBase);
    rows.inc({ side: 'target' }, add.rowsTarget);
    found.inc(confirmedOf(add));
  };
  return {
    registry,
    onCommit,
    onThrottle({ host, kind }: Throttle) {
      throttles.inc({ host, reason: kind });
    },
    onEnd(outcome: string) {
      shards.inc({ outcome });
    },
  };
}
