/** What a worker counts and times. Labels are of bounded sets: no run, table or key is one. */
import { type Counts, confirmedOf, LAG_STEPS } from '@rowparity/contracts';
import type { Throttle } from '@rowparity/core';
import { Counter, createMetrics, Gauge, Histogram, type Registry, StatementTimes } from '@rowparity/runtime';
import { EventTimes } from './metering/eventTimes.ts';
import { LedgerTimes } from './metering/ledgerTimes.ts';
import { ThrottledSeconds } from './metering/throttledSeconds.ts';

export function workerMetrics() {
  const registry = createMetrics('worker');
  const registers = [registry];
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
  return {
    registry,
    statements: new StatementTimes(registry),
    events: new EventTimes(registry),
    ledger: new LedgerTimes(registry),
    throttled: new ThrottledSeconds(registry),
    onCommit: rowCounts(registry),
    onThrottle({ host, kind }: Throttle) {
      throttles.inc({ host, reason: kind });
    },
    onEnd(outcome: string) {
      shards.inc({ outcome });
    },
  };
}

function rowCounts(registry: Registry): (add: Counts) => void {
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
  const unstable = new Counter({
    name: 'rowparity_unstable_total',
    help: 'Candidates that could be neither confirmed nor dropped',
    registers,
  });
  const lag = new Histogram({
    name: 'rowparity_convergence_seconds',
    help: 'How long rows took to become equal, at most: each counts with the end of its step',
    buckets: LAG_STEPS.map(([, upToMs]) => upToMs / 1000),
    registers,
  });
  return (add) => {
    rows.inc({ side: 'base' }, add.rowsBase);
    rows.inc({ side: 'target' }, add.rowsTarget);
    found.inc(confirmedOf(add));
    unstable.inc(add.unstable);
    for (const [name, upToMs] of LAG_STEPS) {
      for (let i = 0; i < add[name]; i += 1) lag.observe(upToMs / 1000);
    }
  };
}

export interface WorkerState {
  readonly active: number;
  readonly oldestActiveMs: number;
  readonly deafMs: number;
}

export interface ServerUse {
  readonly server: string;
  readonly used: number;
  readonly open: number;
  readonly waiting: number;
}

/** What a scrape asks the worker for. */
export function workerGauges(
  registry: Registry,
  ask: { state(): WorkerState; connections(): readonly ServerUse[] },
): void {
  const gauge = (name: string, help: string, value: (state: WorkerState) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value(ask.state()));
      },
    });
  gauge(
    'rowparity_worker_shards',
    'Shards in work, those that only wait for their candidates included',
    ({ active }) => active,
  );
  gauge(
    'rowparity_worker_oldest_shard_seconds',
    'For how long the oldest shard has been in work, without its waits for a budget',
    ({ oldestActiveMs }) => oldestActiveMs / 1000,
  );
  gauge(
    'rowparity_worker_deaf_seconds',
    'For how long jobs have waited while this worker had room and took none',
    ({ deafMs }) => deafMs / 1000,
  );
  new Gauge({
    name: 'rowparity_connections',
    help: 'Connections to a database server: used by shards, open, and places that shards wait for',
    labelNames: ['server', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { server, used, open, waiting } of ask.connections()) {
        this.inc({ server, state: 'used' }, used);
        this.inc({ server, state: 'open' }, open);
        this.inc({ server, state: 'waiting' }, waiting);
      }
    },
  });
}
