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

const TRACES = `## Traces

A metric says that runs are slow, a trace which part of one run was. Off by default. With \`OTEL_EXPORTER_OTLP_ENDPOINT\`
(\`http://collector:4318\`, OTLP over HTTP as JSON) coordinator and workers send spans:

${markdownTable([
  ['span', 'when', 'what it tells'],
  [
    '`order run`',
    'an order, over HTTP or from the queue',
    '`rowparity.answer`: created, same, different, invalid',
  ],
  ['`plan run`', 'below the order', 'tables and shards'],
  [
    '`validate shard`',
    'below the order, one for each attempt',
    'shard, table, attempt, outcome, rows of both sides, confirmed and unstable rows; of each step the number and the milliseconds (`rowparity.steps.read.ms`)',
  ],
  [
    '`read`, `digest`, `recheck`, `publish`, `acknowledge`, `commit`',
    'below the attempt, the first 8 of each',
    'side, rows, events',
  ],
  ['`settle run`', 'below the order', 'the verdict'],
])}

An order that brings a \`traceparent\` (the header of W3C Trace Context; in the client the option \`traceparent\`; on the queue
the telemetry of BullMQ) goes on in its trace, and each event carries the span of its attempt on as the Kafka header
\`traceparent\`. The runs of a watch or a migration have a trace each. A step that failed has the code of its failure
([failures.md](failures.md)), never a message; no key and no value of a row is in a span.

A process sends at most 1,000 attempts of a run that ended \`match\` without an event, and every other one. An attempt is sent when it
ends: one that is killed leaves none. A collector that is away is a line a minute in the log; its spans are lost, and
nothing waits for them. A process with traces on needs 25 MB more, and up to 65 MB while it sends hundreds of spans a second to a
collector that is away. The variables of the standard are in [configuration.md](configuration.md#traces).`;

export function metricsText(): string {
  const ofNode = processMetrics();
  const own = [...registeredMetrics().values()].filter(({ name }) => !ofNode.has(name));
  const groups = Map.groupBy(own, ({ services }) => services.join(' and '));
  return `${[HEAD, ...[...groups].map(([services, metrics]) => section(services, metrics)), TRACES].join('\n\n')}\n`;
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
