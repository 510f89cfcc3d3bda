// Makes docs/metrics.md from the registries of the services, so the page cannot tell of a metric that is not there.

import { processMetrics, type RegisteredMetric, registeredMetrics } from '../metrics/registeredMetrics.ts';
import { markdownTable } from './markdownTable.ts';

const HEAD = `# Metrics

Made by \`npm run docs:metrics\` from the registries of the services; a test compares the two. Coordinator, worker and reporter
serve them at \`/metrics\`, in the text format of Prometheus, each with the label \`app\`. Labels are of bounded sets: only the
reporter's have a run, of the 20 newest. \`connection\` is the name that a run spec gives a database, \`server\` and \`host\` are
host:port. A histogram is three series: \`_bucket\`, \`_sum\` and \`_count\`.

What they answer is on one [dashboard](../deploy/grafana/README.md); the [alerts](kubernetes.md#alerts) are part of the chart. Every
process has the metrics of Node and of the process, too, such as \`nodejs_eventloop_lag_p99_seconds\` (the event loop
since the last scrape), \`process_resident_memory_bytes\` and \`process_start_time_seconds\`.`;

export function metricsText(): string {
  const ofNode = processMetrics();
  const own = [...registeredMetrics().values()].filter(({ name }) => !ofNode.has(name));
  const groups = Map.groupBy(own, ({ services }) => services.join(' and '));
  return `${[HEAD, ...[...groups].map(([services, metrics]) => section(services, metrics))].join('\n\n')}\n`;
}

function section(services: string, metrics: readonly RegisteredMetric[]): string {
  const rows = metrics.map(({ name, type, labels, help }) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(', '),
    help.replaceAll('|', '\\|'),
  ]);
  return `## ${services}\n\n${markdownTable([['metric', 'type', 'labels', 'what it tells'], ...rows])}`;
}
