/**
 * Tells a person of each event, as soon as the sink has taken it: one line a row. Of many rows the first ones; the file
 * of the events has all.
 */
import { count, differenceWords, type InconsistentEvent, printable } from '@rowparity/contracts';
import type { EventSink } from '@rowparity/core';
import { placesOf } from '../reports/foundCounts.ts';

/** A screen full. */
const TOLD_MAX = 20;

export interface Telling {
  /** Where the events go. */
  readonly place: string;
  say(line: string): void;
}

export function tellingSink(sink: EventSink, { place, say }: Telling): EventSink {
  let left = TOLD_MAX;
  return {
    async publish(events, signal) {
      await sink.publish(events, signal);
      for (const { event } of events.slice(0, left)) say(printable(eventLine(event)));
      if (left > 0 && events.length >= left) {
        say(`${count(TOLD_MAX)} rows are shown here; ${place} has all of them.`);
      }
      left = Math.max(0, left - events.length);
    },
    flush: (signal) => sink.flush(signal),
  };
}

/** `customers id=2079 differs in balance` */
function eventLine({
  Table,
  Key,
  ID,
  RowDigest,
  Rows,
  Type,
  Direction,
  Columns,
  Stability,
}: InconsistentEvent): string {
  const key = Object.entries(Key ?? {}).map(
    ([name, value]) => `${name}=${typeof value === 'object' ? `0x${value.hex}` : value}`,
  );
  const row = key.length > 0 ? key.join(' ') : RowDigest ? `${Rows} rows like ${RowDigest}` : `${ID}`;
  const found = differenceWords(Type, placesOf(Direction).judged);
  const columns = Columns && Columns.length > 0 ? ` in ${Columns.join(', ')}` : '';
  const sign = Stability === 'unstable' ? '~' : '✗';
  const kept = Stability === 'unstable' ? ' when it was seen last, and keeps changing' : '';
  return `${sign} ${Table ?? ''} ${row} ${found}${columns}${kept}`;
}
