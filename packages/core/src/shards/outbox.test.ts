import type { InconsistentEvent } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { PlacedEvent } from '../ports/eventSink.ts';
import { Outbox } from './outbox.ts';
import { RunEnded } from './runEnded.ts';

const KIB = 1024;

const placed = (id: number, more: Partial<InconsistentEvent> = {}): PlacedEvent => ({
  shard: 0,
  event: {
    ...{ ID: BigInt(id), Direction: 'SRC', Type: 'neq', Table: 't', Key: { id: BigInt(id) } },
    ...{ RunID: 'r', Generation: 1n, EventID: `e${id}`, RowID: `r${id}` },
    ...{ DetectedAt: '2026-11-28T00:00:00.000Z', Stability: 'confirmed' },
    ...more,
  } as InconsistentEvent,
});

function opened({ failsOnce = false, isWanted = true } = {}) {
  const sent: string[][] = [];
  let flushes = 0;
  const outbox = new Outbox({
    sink: {
      publish: async (events) => void sent.push(events.map(({ event }) => event.EventID ?? '')),
      flush: async () => {
        flushes += 1;
        if (failsOnce && flushes === 1) throw new Error('lost');
      },
    },
    signal: new AbortController().signal,
    isWanted: async () => isWanted,
    retried: (step) => step().catch(step),
  });
  return { outbox, sent, flushes: () => flushes };
}

/** Events of which so many were in flight when the first ones had to be acknowledged. */
async function heldOf(more: Partial<InconsistentEvent>): Promise<number> {
  const { outbox, flushes } = opened();
  let held = 0;
  while (flushes() === 0) {
    await outbox.publish([placed(held, more)]);
    held += 1;
  }
  return held;
}

it('a thousand events are in flight at most, and fewer whose keys are long or whose columns are many', async () => {
  expect(await heldOf({})).toBe(1000);
  const long = { Key: { a: 'x'.repeat(3 * KIB), b: { hex: 'f'.repeat(4 * KIB) } } };
  expect(await heldOf(long)).toBe((2 * KIB) / 8);
  const wide = { Columns: Array.from({ length: 4096 }, (_, i) => `c${i}`) };
  expect(await heldOf(wide)).toBeLessThan(100);
  const digest = { Key: undefined, RowDigest: 'd', Rows: 1n };
  expect(await heldOf(digest)).toBe(1000);
});

it('after a flush that failed all that was not acknowledged is sent again, and what was is not', async () => {
  const { outbox, sent } = opened({ failsOnce: true });
  await outbox.publish([placed(1), placed(2)]);
  await outbox.publish([placed(3)]);
  await outbox.flush();
  await outbox.publish([placed(4)]);
  await outbox.flush();
  expect(sent).toEqual([['e1', 'e2'], ['e3'], ['e1', 'e2', 'e3'], ['e4']]);
});

it('nothing is sent of a run that takes no more writes', async () => {
  const { outbox, sent } = opened({ isWanted: false });
  await expect(outbox.publish([placed(1)])).rejects.toBeInstanceOf(RunEnded);
  expect(sent).toEqual([]);
});
