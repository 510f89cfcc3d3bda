// What existing consumers rely on: the three fields first and in order, a Kafka key, and headers. Looks at the text as
// it was on the wire, not at what parsing makes of it.

import { decodeEvent, type InconsistentEvent } from '@rowparity/contracts';
import type { SentEvent } from '../system/topics.ts';

const SEED_FORMAT =
  /^\{"ID":-?\d+,"Direction":"(?:SRC|DST)","Type":"(?:target_missing|neq|base_missing)"[,}]/;
const WITHOUT_ID = /^\{"Direction":"(?:SRC|DST)","Type":"(?:target_missing|neq|base_missing)"[,}]/;
const HEADERS = [
  'rowparity-schema',
  'rowparity-run',
  'rowparity-generation',
  'rowparity-shard',
  'rowparity-event-id',
] as const;

/** Empty for a message as it must be. */
export function wireProblems({ text, key, headers }: SentEvent): string[] {
  const event = decodeEvent(text);
  const start = hasIntegerKey(event) ? SEED_FORMAT : WITHOUT_ID;
  return [
    ...(start.test(text) ? [] : [`begins otherwise: ${text.slice(0, 80)}`]),
    ...(key ? [] : [`has no Kafka key: ${text.slice(0, 80)}`]),
    ...HEADERS.filter((name) => !headers[name]).map((name) => `has no header ${name}: ${text.slice(0, 80)}`),
    ...(headers['rowparity-event-id'] === event.EventID ? [] : ['event id differs between header and body']),
  ];
}

function hasIntegerKey({ Key = {} }: InconsistentEvent): boolean {
  const values = Object.values(Key);
  return values.length === 1 && typeof values[0] === 'bigint';
}
