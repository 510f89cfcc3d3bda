// What is wrong with a query of Prometheus: its grammar, and metrics, labels and values that no service has.

import { parser } from '@prometheus-io/lezer-promql';
import { LABEL_VALUES, type RegisteredMetric, registeredMetrics } from './registeredMetrics.ts';

/** What Prometheus and the ServiceMonitor add to every series, and `app`, which every registry adds. */
const ADDED: ReadonlySet<string> = new Set(['namespace', 'job', 'service', 'pod', 'instance', 'app']);
const REGISTERED = registeredMetrics();

interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

export function queryProblems(query: string): readonly string[] {
  const { selectors, groupings, errors } = parsed(query);
  const metrics = selectors.map(({ metric }) => metric);
  const groupable = new Set([...ADDED, ...metrics.flatMap(labelsOf)]);
  return [
    ...errors,
    ...(metrics.length === 0 ? ['it asks for no metric'] : []),
    ...selectors.flatMap(selectorProblems),
    ...groupings.filter((label) => !groupable.has(label)).map((label) => `none of its metrics has ${label}`),
  ];
}

function selectorProblems({ metric, matchers }: Selector): readonly string[] {
  if (metric !== 'up' && !registered(metric)) return [`no service has ${metric}`];
  return matchers.flatMap(({ label, operator, value }) => {
    if (ADDED.has(label)) return [];
    if (!labelsOf(metric).includes(label)) return [`${metric} has no label ${label}`];
    if (value.startsWith('$')) return [];
    const known = LABEL_VALUES[`${registered(metric)?.name} ${label}`] ?? [];
    const values = operator.endsWith('~') ? value.split('|') : [value];
    return values.filter((one) => !known.includes(one)).map((one) => `${metric}: ${label} is never ${one}`);
  });
}

/** The metric of a series: of a histogram, the one that it is a part of. */
function registered(series: string): RegisteredMetric | undefined {
  const whole = REGISTERED.get(series.replace(/_(bucket|sum|count)$/, ''));
  const isPart = whole?.type === 'histogram' && whole.name !== series;
  return isPart ? whole : REGISTERED.get(series);
}

function labelsOf(series: string): readonly string[] {
  return [...(registered(series)?.labels ?? []), ...(series.endsWith('_bucket') ? ['le'] : [])];
}

function parsed(query: string) {
  const text = (node: { readonly from: number; readonly to: number }) => query.slice(node.from, node.to);
  const selectors: { metric: string; matchers: { label: string; operator: string; value: string }[] }[] = [];
  const groupings: string[] = [];
  const errors: string[] = [];
  parser.parse(query).iterate({
    enter: (node) => {
      if (node.type.isError) errors.push(`not PromQL at ${node.from}: ${text(node)}`);
      if (node.name === 'VectorSelector') selectors.push({ metric: '', matchers: [] });
      const selector = selectors.at(-1);
      const parent = node.node.parent?.name;
      if (node.name === 'Identifier' && selector) selector.metric = text(node);
      if (node.name === 'LabelName' && parent === 'GroupingLabels') groupings.push(text(node));
      if (node.name !== 'UnquotedLabelMatcher' || !selector) return;
      const [, label = '', operator = '', value = ''] =
        /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(text(node)) ?? [];
      selector.matchers.push({ label, operator, value });
    },
  });
  return { selectors, groupings, errors };
}
