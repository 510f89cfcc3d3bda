/**
 * The event that reports an inconsistency. On the wire it starts with the three fields that existing consumers
 * read, in this order: `{"ID":10,"Direction":"SRC","Type":"target_missing"}`. `ID` is a JSON number with every
 * digit of a 64-bit key, so it is written and read without JavaScript numbers.
 */
import { z } from 'zod';
import { direction } from './direction.ts';
import { runId } from './scalars.ts';

export const INCONSISTENT_EVENT_VERSION = 2;

/** `target_missing`: base has it, target has not. `neq`: contents differ. `base_missing`: only target has it. */
export const inconsistencyType = z.enum(['target_missing', 'neq', 'base_missing']);
export type InconsistencyType = z.infer<typeof inconsistencyType>;

/** 128 bits in hex, made from the connections, the table pair and the key: the same row has the same in every run. */
export const rowIdText = z.string().regex(/^[0-9a-f]{32}$/);

/**
 * Of a confirmed row, compared with what was known before the run: not known, known and still different, known and
 * compared equal now. A run that follows no other one knows nothing before, so all of its differences are new.
 */
export const eventState = z.enum(['new', 'still', 'resolved']);
export type EventState = z.infer<typeof eventState>;

/** A key column's value: integers keep every digit, binary values come as hex, all else as text. */
const keyValue = z.union([
  z.bigint(),
  z.string(),
  z.strictObject({ hex: z.string().regex(/^([0-9a-f]{2})*$/) }),
]);
export type EventKeyValue = z.infer<typeof keyValue>;

export const inconsistentEvent = z.strictObject({
  /** Present for a key of one integer column. */
  ID: z.bigint().optional(),
  Direction: direction,
  Type: inconsistencyType,
  Table: z.string().optional(),
  Key: z.record(z.string(), keyValue).optional(),
  /**
   * In place of a key that the table does not have: 64 bits of a digest of the row's columns, in hex (docs/events.md).
   */
  RowDigest: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  /** With `RowDigest`: how many more such rows one side has than the other. */
  Rows: z.bigint().optional(),
  /** Names of the base columns that differ; only with `neq`. */
  Columns: z.array(z.string()).optional(),
  RunID: runId.optional(),
  /** Of the run, from 1. */
  Generation: z.bigint().min(1n).optional(),
  /**
   * Deterministic: the same run, generation, table, key, type and state give the same id, so a consumer can drop a
   * repeat.
   */
  EventID: z.string().optional(),
  /** Names the row, whichever run found it. */
  RowID: rowIdText.optional(),
  /** ISO 8601, UTC. */
  DetectedAt: z.string().optional(),
  /** `unstable`: the row was still changing when the recheck policy ended. */
  Stability: z.enum(['confirmed', 'unstable']).optional(),
  /** Of confirmed rows; absent where more was known before the run than is kept. `resolved` only when asked for. */
  State: eventState.optional(),
});
export type InconsistentEvent = z.infer<typeof inconsistentEvent>;

export type EventFormat = 'full' | 'minimal';

const WIRE_ORDER = [
  'ID',
  'Direction',
  'Type',
  'Table',
  'Key',
  'RowDigest',
  'Rows',
  'Columns',
  'RunID',
  'Generation',
  'EventID',
  'RowID',
  'DetectedAt',
  'Stability',
  'State',
] as const satisfies readonly (keyof InconsistentEvent)[];
const MINIMAL_FIELDS = 3;

/** The reviver's `source` (in V8 since Node 21) keeps every digit. */
const INTEGER = /^-?\d+$/;

/** The event's text on the wire: as JSON.stringify writes it, in a third of its time. A test holds the two equal. */
export function encodeEvent(event: InconsistentEvent, format: EventFormat): string {
  const fields = format === 'minimal' ? WIRE_ORDER.slice(0, MINIMAL_FIELDS) : WIRE_ORDER;
  let text = '';
  for (const name of fields) {
    const value = event[name];
    if (value !== undefined) text += `${text === '' ? '{' : ','}"${name}":${jsonOf(value)}`;
  }
  return `${text}}`;
}

type EventValue = string | bigint | readonly EventValue[] | { readonly [name: string]: EventValue };

/** A bigint is a JSON number with every digit. */
function jsonOf(value: EventValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  const members = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}:${jsonOf(one)}`);
  return `{${members.join(',')}}`;
}

/** Reads either format. Throws a SyntaxError for text that is not JSON and a ZodError for JSON that is not an event. */
export function decodeEvent(text: string): InconsistentEvent {
  const keepDigits = (_name: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' && context?.source && INTEGER.test(context.source)
      ? BigInt(context.source)
      : value;
  return inconsistentEvent.parse(JSON.parse(text, keepDigits as (name: string, value: unknown) => unknown));
}
