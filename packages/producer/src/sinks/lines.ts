/** Events as lines of JSON. */
import { type EventFormat, encodeEvent } from '@rowparity/contracts';
import type { PlacedEvent } from '@rowparity/core';

export function linesOf(events: readonly PlacedEvent[], format: EventFormat): string {
  return events.map(({ event }) => `${encodeEvent(event, format)}\n`).join('');
}
