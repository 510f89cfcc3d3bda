/** Which rows `diff` is asked for: those of events, as JSON lines, or one by its table and key. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Direction, decodeEvent, type InconsistentEvent } from '@rowparity/contracts';
import { STANDARD_OUTPUT } from '../output/standardOutput.ts';
import { UsageError } from '../usage/usageError.ts';

export interface WantedRow {
  readonly table: string;
  readonly direction: Direction;
  readonly event: InconsistentEvent;
}

export interface WantedInput {
  /** A file of events; `-` is standard input. */
  readonly events: string | undefined;
  readonly table: string | undefined;
  /** `id=5` or `order_id=7,line=2`; a value alone where the key has one column. */
  readonly key: string | undefined;
  readonly direction: Direction;
  readonly limit: number;
}

/** The first rows that are asked for, each once. */
export async function wantedRows(input: WantedInput): Promise<readonly WantedRow[]> {
  const { events, table, key, direction, limit } = input;
  if (key !== undefined) {
    if (events !== undefined) throw new UsageError('expected a file of events or --key, found both');
    if (table === undefined) throw new UsageError('--key: expected --table beside it');
    return [{ table, direction, event: { Direction: direction, Type: 'neq', ...keyOf(key) } }];
  }
  if (events === undefined) {
    throw new UsageError(
      'expected a file of events, such as events.ndjson (- is standard input), or --table and --key',
    );
  }
  const wanted = new Map<string, WantedRow>();
  for await (const line of linesOf(events)) {
    const row = rowOf(line, input);
    if (row) wanted.set(JSON.stringify([row.table, String(row.event.ID), row.event.Key], textOfBigint), row);
    if (wanted.size === limit) break;
  }
  return [...wanted.values()];
}

/** Undefined for the event of another table. */
function rowOf({ text, number }: Line, { events, table }: WantedInput): WantedRow | undefined {
  const fail = (why: string) => {
    throw new UsageError(`${events}, line ${number}: ${why}`);
  };
  let event: InconsistentEvent;
  try {
    event = decodeEvent(text);
  } catch {
    return fail('expected an event as JSON');
  }
  const name = event.Table ?? table;
  if (name === undefined) return fail('the event is minimal and names no table; give --table');
  if (table !== undefined && name !== table) return undefined;
  return { table: name, direction: event.Direction, event };
}

interface Line {
  readonly text: string;
  readonly number: number;
}

async function* linesOf(events: string): AsyncGenerator<Line, void, void> {
  const input = events === STANDARD_OUTPUT ? process.stdin : createReadStream(events);
  const failed = new Promise<never>((_resolve, reject) => {
    input.once('error', (error: NodeJS.ErrnoException) =>
      reject(new UsageError(`${events}: the file cannot be read (${error.code}).`, { cause: error })),
    );
  });
  failed.catch(() => undefined);
  let number = 0;
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value: text, done } = await Promise.race([lines.next(), failed]);
      if (done) break;
      number += 1;
      if (text.trim() !== '') yield { text, number };
    }
  } finally {
    input.destroy();
  }
  // An error may come behind the end of the lines.
  if (input.errored) await failed;
}

function keyOf(key: string): Pick<InconsistentEvent, 'ID' | 'Key'> {
  if (!key.includes('=')) return { Key: { [ONLY_COLUMN]: key } };
  const parts = key.split(',').map((part) => {
    const [name = '', ...value] = part.split('=');
    if (value.length === 0) throw new UsageError(`--key: expected column=value, found "${part}"`);
    return [name.trim(), keyValue(value.join('='))] as const;
  });
  return { Key: Object.fromEntries(parts) };
}

/** Stands for the column of a key that has one. */
export const ONLY_COLUMN = '';

/** Bytes as events have them: `{"hex":"00ff"}`, here 0x00ff. */
function keyValue(text: string): string | { readonly hex: string } {
  return /^0x([0-9a-f]{2})+$/i.test(text) ? { hex: text.slice(2).toLowerCase() } : text;
}

function textOfBigint(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
