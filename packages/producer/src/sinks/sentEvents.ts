/**
 * The events that a format can carry. The minimal one has no field for `Stability` and `State`, and a consumer would
 * repair a row that only changes, or one that is repaired: so it carries confirmed events of what differs only. The
 * run's counts and report contain the unstable rows.
 */
import type { EventFormat } from '@rowparity/contracts';
import type { PlacedEvent } from '@rowparity/core';

export function sentEvents(events: readonly PlacedEvent[], format: EventFormat): readonly PlacedEvent[] {
  if (format === 'full') return events;
  return events.filter(({ event }) => event.Stability !== 'unstable' && event.State !== 'resolved');
}
