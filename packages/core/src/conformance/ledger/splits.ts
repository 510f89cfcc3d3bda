/** Splitting a held shard: its rest becomes new shards, and the ranges still tile. */

import type { KeyTuple } from '@rowparity/contracts';
import { describe, expect, it } from 'vitest';
import { Tiling } from '../../certifying/tiling.ts';
import { NONE_PENDING } from '../../ledgering/tallies.ts';
import type { Ledger } from '../../ports/ledger.ts';
import { type Bench, countsOf, plannedRun, RUN } from './bench.ts';

/** Undefined when the ranges of every table tile. */
export async function tilingProblem(ledger: Ledger, runId = RUN): Promise<string | undefined> {
  const tilings = new Map<number, Tiling>();
  for (const { shard, table, range } of await ledger.listShards(runId, 0, 10_000)) {
    const tiling = tilings.get(table) ?? new Tiling();
    tilings.set(table, tiling);
    tiling.add(shard, range);
  }
  return [...tilings.values()].map((tiling) => tiling.problem()).find((problem) => problem !== undefined);
}

export function testSplits(bench: Bench): void {
  describe('splits', () => {
    it('a held shard ends at the first cut, and what lies behind is new shards at the end of the plan', async () => {
      await plannedRun(bench.ledger, [2, 2]);
      const held = await bench.hold(1);
      await bench.commit(held, { rowsBase: 7 }, ['1500']);
      expect(await bench.split(held, [['1600'], ['1700'], ['1800']])).toEqual({ kind: 'written' });
      const ranges = (await bench.ledger.listShards(RUN, 0, 100)).map(({ shard, table, range, state }) => ({
        ...{ shard, table, state, after: range.after?.[0], upTo: range.upTo?.[0] },
      }));
      expect(ranges).toEqual([
        { shard: 0, table: 0, state: 'planned', after: undefined, upTo: '1000' },
        { shard: 1, table: 0, state: 'running', after: '1000', upTo: '1600' },
        { shard: 2, table: 1, state: 'planned', after: undefined, upTo: '1000' },
        { shard: 3, table: 1, state: 'planned', after: '1000', upTo: undefined },
        { shard: 4, table: 0, state: 'planned', after: '1600', upTo: '1700' },
        { shard: 5, table: 0, state: 'planned', after: '1700', upTo: '1800' },
        { shard: 6, table: 0, state: 'planned', after: '1800', upTo: undefined },
      ]);
      expect(await tilingProblem(bench.ledger)).toBeUndefined();
      expect(await bench.ledger.getShard(RUN, 1)).toMatchObject({
        attempt: 1,
        checkpoint: ['1500'],
        counts: { rowsBase: 7 },
      });
      expect(await bench.ledger.getShard(RUN, 6)).toMatchObject({
        state: 'planned',
        attempt: 0,
        outcome: null,
      });
    });

    it('the new shards count, in the run and in the totals of their table', async () => {
      await plannedRun(bench.ledger, [1, 1]);
      await bench.split(await bench.hold(0), [['5'], ['6']]);
      expect((await bench.ledger.getRun(RUN))?.shards).toBe(4);
      expect((await bench.ledger.totals(RUN)).map(({ shards }) => [shards.planned, shards.running])).toEqual([
        [2, 1],
        [1, 0],
      ]);
      for (const shard of [2, 3, 1]) await bench.finish(await bench.hold(shard), 'match', { rowsBase: 1 });
      await bench.finish({ runId: RUN, shard: 0, attempt: 1 }, 'differs', { neq: 1, rowsBase: 1 });
      expect((await bench.ledger.totals(RUN))[0]).toEqual({
        counts: countsOf({ neq: 1, rowsBase: 3 }),
        shards: { planned: 0, running: 0, match: 2, differs: 1, inconclusive: 0 },
        pending: NONE_PENDING,
      });
    });

    it('the new shards are opened like others, also when the plan was opened to its end', async () => {
      await plannedRun(bench.ledger, [2]);
      expect(await bench.ledger.openShards(RUN, 10)).toEqual([0, 1]);
      await bench.split(await bench.hold(1), [['5'], ['6']]);
      expect(await bench.ledger.openShards(RUN, 3)).toEqual([2]);
      expect(await bench.ledger.openShards(RUN, 10)).toEqual([3]);
      expect(await bench.ledger.listOpenShards(RUN)).toEqual([0, 1, 2, 3]);
    });

    it('a shard that was split off can be split again, and a claim of a split shard has its new range', async () => {
      await plannedRun(bench.ledger, [1]);
      await bench.split(await bench.hold(0), [['5'], ['6']]);
      await bench.split(await bench.hold(2), [['7']]);
      expect(await bench.claim(0)).toMatchObject({
        shard: { attempt: 2, range: { after: null, upTo: ['5'] } },
      });
      expect(await bench.claim(3)).toMatchObject({ shard: { range: { after: ['7'], upTo: null } } });
      expect(await tilingProblem(bench.ledger)).toBeUndefined();
    });

    it('a stale attempt, a shard that is done and a run that is over are not split', async () => {
      await plannedRun(bench.ledger, [2]);
      const stale = await bench.hold(0);
      const held = await bench.hold(0);
      expect(await bench.split(stale, [['5']])).toEqual({ kind: 'fenced' });
      await bench.finish(held);
      expect(await bench.split(held, [['5']])).toEqual({ kind: 'fenced' });
      const other = await bench.hold(1);
      await bench.ledger.requestCancel(RUN);
      expect(await bench.split(other, [['1500']])).toEqual({ kind: 'over' });
      expect(await bench.split({ ...other, runId: 'unknown' }, [['5']])).toEqual({ kind: 'over' });
      expect((await bench.ledger.getRun(RUN))?.shards).toBe(2);
    });

    const inexact: readonly (readonly [string, readonly KeyTuple[]])[] = [
      ['no cut', []],
      ['a cut at its beginning', [['1000']]],
      ['a cut at its end', [['1500'], ['2000']]],
      ['a cut twice', [['1600'], ['1700'], ['1600']]],
      ['a later cut at its checkpoint', [['1600'], ['1500']]],
    ];
    it.each(inexact)('a split with %s is refused and writes nothing', async (_, cuts) => {
      await plannedRun(bench.ledger, [3]);
      const held = await bench.hold(1);
      await bench.commit(held, {}, ['1500']);
      const before = await bench.ledger.listShards(RUN, 0, 100);
      await expect(bench.split(held, cuts)).rejects.toMatchObject({ code: 'INTERNAL' });
      expect(await bench.ledger.listShards(RUN, 0, 100)).toEqual(before);
      expect((await bench.ledger.totals(RUN))[0]?.shards).toMatchObject({ planned: 2, running: 1 });
    });

    it('a cut at the checkpoint itself leaves nothing but to finish', async () => {
      await plannedRun(bench.ledger, [1]);
      const held = await bench.hold(0);
      await bench.commit(held, { rowsBase: 5 }, ['5']);
      expect(await bench.split(held, [['5'], ['9']])).toEqual({ kind: 'written' });
      expect(await bench.finish(held)).toEqual({ kind: 'written' });
    });

    it('keys keep every digit and every character', async () => {
      const key = ['18446744073709551615', 'a\nb\u0000"\\\u{1f600}'];
      await plannedRun(bench.ledger, [1]);
      await bench.split(await bench.hold(0), [['1'], key]);
      expect(await bench.ledger.listShards(RUN, 1, 2)).toMatchObject([
        { range: { after: ['1'], upTo: key } },
        { range: { after: key, upTo: null } },
      ]);
    });
  });
}
