/** Watches: one of an id, stopped and gone on with, and each generation begins once. */
import { type WatchSpec, watchSpec } from '@rowparity/contracts';
import { describe, expect, it } from 'vitest';
import type { PutWatchInput } from '../../ports/ledger.ts';
import type { Bench } from './bench.ts';

const WATCH = 'watch-1';

function watchOf(change: object = {}): WatchSpec {
  return watchSpec.parse({
    ...{ version: 1, intervalMs: 5000 },
    run: { version: 1, source: 's', destination: 'd', direction: 'SRC', tables: [{ name: 'größe\n"' }] },
    ...change,
  });
}

export function testWatches(bench: Bench): void {
  const put = (change: Partial<PutWatchInput> = {}) =>
    bench.ledger.putWatch({
      ...{ watchId: WATCH, spec: watchOf(), now: 1000, max: 9, forgetBefore: 0 },
      ...change,
    });

  describe('watches', () => {
    it('one is created once: the same spec again is the same watch, another one is refused', async () => {
      expect(await bench.ledger.getWatch(WATCH)).toBeUndefined();
      expect(await bench.ledger.listWatches()).toEqual([]);
      expect(await put()).toEqual({ kind: 'created' });
      const created = {
        ...{ version: 2, watchId: WATCH, spec: watchOf(), state: 'active', generation: 0, follows: null },
        ...{ createdAt: 1000, beganAt: null, stoppedAt: null },
      };
      expect(await put({ now: 2000 })).toEqual({ kind: 'same' });
      expect(await put({ spec: watchOf({ intervalMs: 6000 }) })).toEqual({ kind: 'different' });
      expect(await bench.ledger.getWatch(WATCH)).toEqual(created);
      await put({ watchId: 'a' });
      expect((await bench.ledger.listWatches()).map(({ watchId }) => watchId)).toEqual(['a', WATCH]);
    });

    it('a generation begins once, in order, also of a watch that was stopped meanwhile', async () => {
      await put();
      const begin = (generation: number, now: number, follows: string | null = null) =>
        bench.ledger.beginGeneration({ watchId: WATCH, generation, follows, now });
      expect(await begin(2, 3000)).toBe(false);
      const all = await Promise.all(Array.from({ length: 8 }, (_, i) => begin(1, 3000 + i)));
      expect(all.filter(Boolean)).toHaveLength(1);
      expect(await begin(1, 4000)).toBe(false);
      await bench.ledger.stopWatch(WATCH, 4500);
      expect(await begin(2, 5000, 'watch-1.1')).toBe(true);
      expect(await bench.ledger.getWatch(WATCH)).toMatchObject({
        ...{ state: 'stopped', generation: 2, follows: 'watch-1.1', beganAt: 5000, stoppedAt: 4500 },
      });
      expect(
        await bench.ledger.beginGeneration({ watchId: 'nobody', generation: 1, follows: null, now: 1 }),
      ).toBe(false);
    });

    it('it is stopped once, and the same order goes on with it where it was', async () => {
      expect(await bench.ledger.stopWatch(WATCH, 1)).toBe(false);
      await put();
      await bench.ledger.beginGeneration({ watchId: WATCH, generation: 1, follows: null, now: 3000 });
      expect(await bench.ledger.stopWatch(WATCH, 4000)).toBe(true);
      expect(await bench.ledger.stopWatch(WATCH, 5000)).toBe(true);
      expect(await bench.ledger.getWatch(WATCH)).toMatchObject({ state: 'stopped', stoppedAt: 4000 });
      expect(await put()).toEqual({ kind: 'same' });
      expect(await bench.ledger.getWatch(WATCH)).toMatchObject({
        ...{ state: 'active', stoppedAt: null, generation: 1, beganAt: 3000 },
      });
    });

    it('there are no more than the caller wants; those that were stopped long ago make room', async () => {
      await put({ watchId: 'a', max: 2 });
      await put({ watchId: 'b', max: 2 });
      expect(await put({ watchId: 'c', max: 2 })).toEqual({ kind: 'full' });
      expect(await put({ watchId: 'b', max: 2 })).toEqual({ kind: 'same' });
      await bench.ledger.stopWatch('a', 500);
      expect(await put({ watchId: 'c', max: 2, forgetBefore: 500 })).toEqual({ kind: 'full' });
      expect(await put({ watchId: 'c', max: 2, forgetBefore: 501 })).toEqual({ kind: 'created' });
      expect((await bench.ledger.listWatches()).map(({ watchId }) => watchId)).toEqual(['b', 'c']);
    });
  });
}
