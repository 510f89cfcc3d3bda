/** An event as a Kafka message: all news of one row has one key, so it stays in order on one partition. */
import {
  type EventFormat,
  encodeEvent,
  INCONSISTENT_EVENT_VERSION,
  type InconsistentEvent,
} from '@rowparity/contracts';
import type { PlacedEvent } from '@rowparity/core';
import type { ProducerMessage } from '../messages/message.ts';

export interface EventTarget {
  readonly topic: string;
  readonly format: EventFormat;
  /** Header of W3C Trace Context: the span in which the events were found. */
  readonly traceparent?: string | undefined;
}

export function eventMessage({ event, shard }: PlacedEvent, target: EventTarget): ProducerMessage {
  const { topic, format, traceparent } = target;
  const { RunID, Generation, EventID } = event;
  return {
    topic,
    key: rowKey(event),
    value: encodeEvent(event, format),
    headers: {
      'rowparity-schema': String(INCONSISTENT_EVENT_VERSION),
      'rowparity-shard': String(shard),
      ...(RunID === undefined ? {} : { 'rowparity-run': RunID }),
      ...(Generation === undefined ? {} : { 'rowparity-generation': String(Generation) }),
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(EventID === undefined ? {} : { 'rowparity-event-id': EventID }),
    },
  };
}

/** `["orders",{"id":10}]`; big integers keep their digits, as text. Of a row without a key its digest. */
function rowKey({ Table = '', Key, ID, RowDigest }: InconsistentEvent): string {
  const parts = [Table, Key ?? (RowDigest === undefined ? { ID } : { RowDigest })];
  return JSON.stringify(parts, (_name, value) => (typeof value === 'bigint' ? String(value) : value));
}
