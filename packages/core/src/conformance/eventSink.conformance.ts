/** The tests that every event sink must pass. They use the port only. */
import { encodeEvent, type InconsistentEvent } from '@rowparity/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventSink, PlacedEvent } from '../ports/eventSink.ts';

export interface EventSinkUnderTest {
  readonly sink: EventSink;
  /** The events that have arrived, as texts of format `full`; those of one row in order. */
  arrived(): Promise<readonly string[]>;
  /** From now on nothing arrives, until `restore`. Absent where nothing can fail. */
  readonly breaking?: { break(): Promise<void>; restore(): Promise<void> };
  cleanUp(): Promise<void>;
}

/** More than any sink puts into one batch. */
const MANY = 2500;

export function eventOf(id: bigint, change: Partial<InconsistentEvent> = {}): PlacedEvent {
  const event: InconsistentEvent = {
    ID: id,
    Direction: 'SRC',
    Type: 'neq',
    Table: 'orders',
    Key: { id },
    RunID: 'run-1',
    EventID: `event-${id}`,
    ...change,
  };
  return { event, shard: 7 };
}

function texts(events: readonly PlacedEvent[]): readonly string[] {
  return events.map(({ event }) => encodeEvent(event, 'full'));
}

export function eventSinkConformance(name: string, makeSink: () => Promise<EventSinkUnderTest>): void {
  describe(`event sink: ${name}`, () => {
    const never = new AbortController().signal;
    let test: EventSinkUnderTest;
    beforeEach(async () => {
      test = await makeSink();
    });
    afterEach(async () => {
      await test.cleanUp();
    });

    it('what was published has arrived when a flush resolves', async () => {
      const events = [1n, 2n, 3n].map((id) => eventOf(id));
      await test.sink.publish(events, never);
      await test.sink.flush(never);
      expect([...(await test.arrived())].sort()).toEqual([...texts(events)].sort());
    });

    it('many events in many calls all arrive, once each', async () => {
      const events = Array.from({ length: MANY }, (_, id) => eventOf(BigInt(id)));
      for (let first = 0; first < MANY; first += 300)
        await test.sink.publish(events.slice(first, first + 300), never);
      await test.sink.flush(never);
      expect([...(await test.arrived())].sort()).toEqual([...texts(events)].sort());
    });

    it('events of one row arrive in the order in which they were published', async () => {
      const news = Array.from({ length: 50 }, (_, i) => eventOf(1n, { EventID: `event-${i}` }));
      for (const one of news) await test.sink.publish([one], never);
      await test.sink.flush(never);
      expect(await test.arrived()).toEqual(texts(news));
    });

    it('keys keep every digit and every character', async () => {
      const events = [
        eventOf(18446744073709551615n, { Key: { id: 18446744073709551615n, name: 'ä\n"\u{1f600}' } }),
        eventOf(-9223372036854775808n, { Key: { id: { hex: '00ff' } } }),
      ];
      await test.sink.publish(events, never);
      await test.sink.flush(never);
      expect([...(await test.arrived())].sort()).toEqual([...texts(events)].sort());
    });

    it('publishing nothing, and flushing with nothing published, resolve', async () => {
      await test.sink.publish([], never);
      await test.sink.flush(never);
      await test.sink.flush(never);
      expect(await test.arrived()).toEqual([]);
    });

    it('a caller that has aborted gets its own reason, and the sink accepts nothing', async () => {
      const reason = new Error('draining');
      const aborted = AbortSignal.abort(reason);
      await expect(test.sink.publish([eventOf(1n)], aborted)).rejects.toBe(reason);
      await expect(test.sink.flush(aborted)).rejects.toBe(reason);
      await test.sink.flush(never);
      expect(await test.arrived()).toEqual([]);
    });

    it('what does not arrive is never acknowledged, and the next try can succeed', async ({ skip }) => {
      if (!test.breaking) return skip('nothing can fail here');
      await test.breaking.break();
      const publishAndFlush = async () => {
        await test.sink.publish([eventOf(1n)], never);
        await test.sink.flush(never);
      };
      await expect(publishAndFlush()).rejects.toMatchObject({ code: 'EVENTS_NOT_ACKNOWLEDGED' });
      await test.breaking.restore();
      await publishAndFlush();
      expect(await test.arrived()).toContain(texts([eventOf(1n)])[0]);
    });
  });
}
