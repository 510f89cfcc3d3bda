/**
 * Ends a check before its verdict, as its user asked: when so many rows differ, or after so much time. The run stays as
 * it is, to be continued.
 */

import type { EventSink } from '@rowparity/core';
import { wholeNumber } from '@rowparity/runtime';
import { UsageError } from '../usage/usageError.ts';

const MINUTE_MS = 60_000;
/** Longer than any run; a timer takes no more. */
const MINUTES_MAX = 20_000;
const DIFFERENCES_MAX = 1_000_000_000;

export interface EarlyEnd {
  /** Rows that differ. */
  readonly limit: number | undefined;
  readonly maxMinutes: number | undefined;
}

export function readEarlyEnd(texts: { readonly limit?: string; readonly maxMinutes?: string }): EarlyEnd {
  return {
    limit: numberOf('--limit', texts.limit, DIFFERENCES_MAX),
    maxMinutes: numberOf('--max-minutes', texts.maxMinutes, MINUTES_MAX),
  };
}

function numberOf(flag: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  const read = wholeNumber({ min: 1, max }).safeParse(text);
  if (read.success) return read.data;
  throw new UsageError(`${flag}: ${read.error.issues[0]?.message}; found "${text}"`);
}

/** Counts the rows that are confirmed different, once the sink has taken them. */
export function limitedSink(sink: EventSink, limit: number | undefined, onReached: () => void): EventSink {
  let left = limit ?? Number.POSITIVE_INFINITY;
  return {
    async publish(events, signal) {
      await sink.publish(events, signal);
      const before = left;
      left -= events.filter(
        ({ event }) => event.Stability !== 'unstable' && event.State !== 'resolved',
      ).length;
      if (before > 0 && left <= 0) onReached();
    },
    flush: (signal) => sink.flush(signal),
  };
}

/** What is to be called when the check is over. */
export function afterMinutes(minutes: number | undefined, then: () => void): () => void {
  if (minutes === undefined) return () => undefined;
  const timer = setTimeout(then, minutes * MINUTE_MS);
  return () => clearTimeout(timer);
}
