/**
 * Tells a person of each event, as soon as the sink has taken it: one line a row. Of many rows the first ones; the file
 * of the events has all.
 */
import { count } from '@rowparity/contracts';
import type { EventSink } from '@rowparity/core';
import { eventLine } from '../reports/eventLine.ts';

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
      for (const { event } of events.slice(0, left)) say(eventLine(event));
      if (left > 0 && events.length >= left) {
        say(`${count(TOLD_MAX)} rows are shown here; ${place} has all of them.`);
      }
      left = Math.max(0, left - events.length);
    },
    flush: (signal) => sink.flush(signal),
  };
}
