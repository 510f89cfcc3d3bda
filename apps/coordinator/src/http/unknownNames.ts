/** Unknown names in a spec. They are found when the run is ordered, not after a worker has found differences. */
import { closestNames, isAllowedTopic, listed, type RunSpec, type SpecProblem } from '@rowparity/contracts';

export interface Known {
  /** Names of connections; in any case. */
  readonly connections: readonly string[];
  /** Topics that events may go to. */
  readonly topics: readonly string[];
  /** Names of webhooks, in lower case. */
  readonly webhooks: readonly string[];
}

const NAMES_SHOWN_MAX = 10;

export function unknownNames(spec: RunSpec, known: Known): SpecProblem[] {
  const names = known.connections.map((name) => name.toLowerCase());
  const connections = (['source', 'destination'] as const)
    .filter((place) => !names.includes(spec[place].toLowerCase()))
    .map((place) => ({ path: place, message: unknownConnection(spec[place], names) }));
  const problems = [...connections, ...unknownWebhook(spec, known)];
  const { topic } = spec.events;
  if (isAllowedTopic(topic, known.topics)) return problems;
  const message = `events may not go to the topic "${topic}", expected ${listed(known.topics, NAMES_SHOWN_MAX)}; ROWPARITY_EVENT_TOPICS of the coordinator and the workers allows more`;
  return [...problems, { path: 'events.topic', message }];
}

function unknownWebhook({ webhook }: RunSpec, { webhooks }: Known): SpecProblem[] {
  if (!webhook || webhooks.includes(webhook.endpoint.toLowerCase())) return [];
  const expected =
    webhooks.length > 0 ? `one of ${listed(webhooks, NAMES_SHOWN_MAX)}` : 'none, for none is configured';
  const message = `there is no webhook "${webhook.endpoint}" here, expected ${expected}; ROWPARITY_WEBHOOKS of the coordinator makes it`;
  return [{ path: 'webhook.endpoint', message }];
}

function unknownConnection(name: string, names: readonly string[]): string {
  const [closest] = closestNames(name.toLowerCase(), names);
  const near = closest === undefined ? '' : ` (the closest: ${closest})`;
  return `there is no connection "${name}" here${near}, expected one of ${listed(names, NAMES_SHOWN_MAX)}; ROWPARITY_CONNECTION_${name.toUpperCase()} of the coordinator and of every worker makes it`;
}
