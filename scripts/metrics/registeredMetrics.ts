// The metrics that the services register, from the registries that they serve at /metrics.

import { type Clock, runReport, verdict } from '@rowparity/contracts';
import { createMetrics, type Registry } from '@rowparity/runtime';
import { coordinatorMetrics } from '../../apps/coordinator/src/coordinatorMetrics.ts';
import { runMetrics } from '../../apps/reporter/src/runMetrics.ts';
import { workerGauges, workerMetrics } from '../../apps/worker/src/workerMetrics.ts';

export interface RegisteredMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** The services that have it. */
  readonly services: readonly string[];
}

const CLOCK: Clock = { now: () => 0, steadyNow: () => 0, sleep: async () => {} };

/** Each with what it would ask at a scrape; nothing of it is there. */
function registries(): ReadonlyMap<string, Registry> {
  const queue = {
    counts: async () => ({ waiting: 0, active: 0, delayed: 0 }),
    oldestWaitingSince: async () => 0,
  };
  const { registry: coordinator } = coordinatorMetrics({ isLeading: () => true, clock: CLOCK, queue });
  const { registry: worker } = workerMetrics();
  workerGauges(worker, { state: () => ({ active: 0, oldestActiveMs: 0, deafMs: 0 }), connections: () => [] });
  const { registry: reporter } = runMetrics({
    listRuns: async () => ({ runs: [], unreadable: [] }),
    sums: () => Promise.reject(new Error('there is no run')),
  });
  return new Map(Object.entries({ coordinator, worker, reporter }));
}

/** What prom-client keeps of a metric, beside what its types tell. */
interface Kept {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames?: readonly string[];
}

/** By name, in the order of the services. */
export function registeredMetrics(): ReadonlyMap<string, RegisteredMetric> {
  const found = new Map<string, RegisteredMetric>();
  for (const [service, registry] of registries()) {
    for (const { name, help, type, labelNames = [] } of registry.getMetricsAsArray() as unknown as Kept[]) {
      const services = [...(found.get(name)?.services ?? []), service];
      found.set(name, { name, help, type, labels: labelNames, services });
    }
  }
  return found;
}

/** Node's and the process's own, which every service has. */
export function processMetrics(): ReadonlySet<string> {
  return new Set(
    createMetrics('any')
      .getMetricsAsArray()
      .map(({ name }) => name),
  );
}

/** The values of labels that queries may ask for, by metric and label. */
export const LABEL_VALUES: Readonly<Record<string, readonly string[]>> = {
  'rowparity_run_shards state': Object.keys(runReport.shape.shards.shape),
  'rowparity_run_verdict verdict': verdict.options,
  'rowparity_queue_jobs state': ['waiting', 'active', 'delayed'],
  'rowparity_ledger_write_seconds write': ['claim', 'commit', 'finish', 'split', 'release'],
  'rowparity_connections state': ['used', 'open', 'waiting'],
  'rowparity_events_failed_total step': ['publish', 'acknowledge'],
};
