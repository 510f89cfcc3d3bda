/** Events as lines of JSON. */
import { type EventFormat, encodeEvent } from '@rowparity/contracts';
import type { PlacedEvent } from '@rowparity/core';
import { sentEvents } from './sentEvents.ts';

export function linesOf(events: readonly PlacedEvent[], format: EventFormat): string {
  return sentEvents(events, format)
    .map(({ event }) => `${encodeEvent(event, format)}\n`)
    .join('');
}
