/**
 * The events that a format can carry. The minimal one has no field for `Stability`, and a consumer would repair a row
 * that only changes: so it carries confirmed events only. The run's counts and report contain the unstable rows.
 */
import type { EventFormat } from '@rowparity/contracts';
import type { PlacedEvent } from '@rowparity/core';

export function sentEvents(events: readonly PlacedEvent[], format: EventFormat): readonly PlacedEvent[] {
  return format === 'full' ? events : events.filter(({ event }) => event.Stability !== 'unstable');
}
