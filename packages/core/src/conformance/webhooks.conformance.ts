/** The tests that every store of deliveries to webhooks must pass. */
import type { WebhookMessage } from '@rowparity/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebhookStore } from '../ports/ledger.ts';

export interface WebhooksUnderTest {
  /** Empty. */
  readonly store: WebhookStore;
  cleanUp(): Promise<void>;
}

const idOf = (n: number) => n.toString(16).padStart(32, '0');

function messageOf(n: number, noticedAt = 1000): WebhookMessage {
  const run = { runId: `run-${n}`, generation: 1, direction: 'SRC' } as const;
  return {
    ...{ version: 1, id: idOf(n), at: noticedAt, event: 'run.first_difference', ...run, differences: 3 },
  } as const;
}

export function webhooksConformance(name: string, make: () => Promise<WebhooksUnderTest>): void {
  describe(`webhooks: ${name}`, () => {
    let store: WebhookStore;
    let cleanUp: () => Promise<void>;
    beforeEach(async () => {
      ({ store, cleanUp } = await make());
    });
    afterEach(() => cleanUp());

    const add = (n: number, noticedAt?: number) =>
      store.addDelivery({ endpoint: 'ops', message: messageOf(n, noticedAt) });
    const due = async (now: number, limit = 10) =>
      (await store.dueDeliveries(now, limit)).map(({ message }) => message.id);

    it('a run is on the list once, since it was put there first, until it is removed', async () => {
      await store.toldRunAdd('a', 1);
      await store.toldRunAdd('b', 2);
      await store.toldRunAdd('a', 9);
      expect(await store.toldRuns()).toEqual([
        { runId: 'a', since: 1 },
        { runId: 'b', since: 2 },
      ]);
      await store.toldRunRemove('a');
      expect(await store.toldRuns()).toEqual([{ runId: 'b', since: 2 }]);
    });

    it('a delivery is made once, due at once, and read back as it was', async () => {
      const all = await Promise.all(Array.from({ length: 10 }, () => add(1)));
      expect(all.toSorted()).toEqual(['added', ...Array(9).fill('same')]);
      const expected = {
        ...{ version: 1, endpoint: 'ops', message: messageOf(1), createdAt: 1000 },
        ...{ tries: 0, dueAt: 1000, last: '' },
      };
      expect(await store.dueDeliveries(1000, 10)).toEqual([expected]);
      expect(await store.getDelivery(idOf(1))).toEqual(expected);
      expect(await due(999)).toEqual([]);
    });

    it('those that are due longest come first, and no more than asked for', async () => {
      for (const [n, noticedAt] of [
        [1, 3000],
        [2, 1000],
        [3, 2000],
      ] as const)
        await add(n, noticedAt);
      expect(await due(5000, 2)).toEqual([idOf(2), idOf(3)]);
      expect(await due(2500)).toEqual([idOf(2), idOf(3)]);
    });

    it('an attempt that failed makes it due later, and is counted', async () => {
      await add(1);
      await store.noteAttempt(idOf(1), { dueAt: 4000, last: '500', now: 2000 });
      expect(await due(3999)).toEqual([]);
      expect(await store.dueDeliveries(4000, 10)).toMatchObject([{ tries: 1, dueAt: 4000, last: '500' }]);
    });

    it('what is delivered or given up is due no more, and is not made again', async () => {
      await add(1);
      await store.noteAttempt(idOf(1), { dueAt: null, last: '200', now: 2000 });
      expect(await due(1e12)).toEqual([]);
      expect(await add(1)).toBe('same');
      expect(await store.getDelivery(idOf(1))).toMatchObject({ dueAt: null, tries: 1, last: '200' });
    });

    it('an attempt at what is gone makes nothing', async () => {
      await store.noteAttempt(idOf(7), { dueAt: 1, last: '200', now: 1 });
      expect(await store.getDelivery(idOf(7))).toBeUndefined();
      expect(await due(10)).toEqual([]);
    });

    it('the sight of a gate is that of one migration, and of no later one of its id', async () => {
      const sight = { runs: 4, stage: 'src_first', ready: true } as const;
      expect(await store.gateSight('move', 1000)).toBeUndefined();
      await store.noteGateSight('move', 1000, sight);
      expect(await store.gateSight('move', 1000)).toEqual(sight);
      expect(await store.gateSight('move', 2000)).toBeUndefined();
      await store.noteGateSight('move', 1000, { ...sight, ready: false });
      expect(await store.gateSight('move', 1000)).toEqual({ ...sight, ready: false });
    });
  });
}
