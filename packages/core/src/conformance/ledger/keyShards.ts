/** Shards that hold keys in place of a range, and known differences that are carried over from another run. */
import type { PlannedShard } from '@rowparity/contracts';
import { describe, expect, it } from 'vitest';
import { type Bench, countsOf, inheritedShard, RUN, specOf, tablesOf, tiledPlan } from './bench.ts';
import { knownRow } from './known.ts';

const OPEN = { after: null, upTo: null };
const KEYS = [
  ['1', 'a\n"ä'],
  ['2', ''],
];

export function testKeyShards(bench: Bench): void {
  /** Two of table 0 and one of table 1. */
  const keyShards: readonly PlannedShard[] = [
    { shard: 0, table: 0, range: OPEN, keys: KEYS },
    { shard: 1, table: 0, range: OPEN, keys: [['3', 'c']] },
    { shard: 2, table: 1, range: OPEN, keys: [['4', 'd']] },
  ];
  const begin = async () => {
    await bench.ledger.createRun(specOf(RUN), 1000);
    return bench.ledger.beginPlanning(RUN);
  };
  const ranges = (shards: readonly number[], first: number) =>
    tiledPlan(shards).map((shard) => ({ ...shard, shard: shard.shard + first }));
  const planned = async () => {
    const planning = await begin();
    for (const _ of [1, 2])
      expect(await bench.ledger.addShards(planning, keyShards)).toEqual({ kind: 'written' });
    await bench.ledger.addShards(planning, ranges([2, 1], 3));
    expect(await bench.ledger.completePlan(planning, { tables: tablesOf([4, 2]), now: 2000 })).toEqual({
      kind: 'written',
    });
  };

  describe('shards that hold keys', () => {
    it('they are read and claimed with their keys, and count in their table', async () => {
      await planned();
      const shards = await bench.ledger.listShards(RUN, 0, 10);
      expect(shards.map(({ keys }) => keys)).toEqual([
        KEYS,
        [['3', 'c']],
        [['4', 'd']],
        ...Array(3).fill(undefined),
      ]);
      expect(shards[0]).toMatchObject({ table: 0, range: OPEN, state: 'planned' });
      expect(await bench.claim(0)).toMatchObject({ kind: 'claimed', shard: { keys: KEYS, range: OPEN } });
      expect(await bench.ledger.getShard(RUN, 0)).toMatchObject({ keys: KEYS, state: 'running' });
      expect(
        (await bench.ledger.totals(RUN)).map(({ shards: tally }) => tally.planned + tally.running),
      ).toEqual([4, 2]);
    });

    it('a range is opened only when all of them are done, through a release and a second attempt', async () => {
      await planned();
      expect(await bench.ledger.openShards(RUN, 2)).toEqual([0, 1]);
      expect(await bench.ledger.openShards(RUN, 100)).toEqual([2]);
      const first = await bench.hold(0);
      await bench.finish(await bench.hold(1));
      await bench.finish(await bench.hold(2), 'differs');
      expect(await bench.ledger.openShards(RUN, 100)).toEqual([]);
      await bench.release(first);
      expect(await bench.ledger.openShards(RUN, 100)).toEqual([]);
      await bench.finish(await bench.hold(0), 'inconclusive');
      expect(await bench.ledger.openShards(RUN, 100)).toEqual([3, 4, 5]);
    });

    it('a plan of nothing else is complete, and settles', async () => {
      const planning = await begin();
      await bench.ledger.addShards(planning, keyShards);
      expect(await bench.ledger.completePlan(planning, { tables: tablesOf([2, 1, 0]), now: 2000 })).toEqual({
        kind: 'written',
      });
      for (const shard of [0, 1, 2]) await bench.finish(await bench.hold(shard));
      const end = { verdict: 'inconclusive', failure: null, now: 3000 } as const;
      expect(await bench.ledger.settle(RUN, { ...end, basis: { changed: [], doneShards: 3 } })).toBe(true);
      expect(await bench.ledger.damageOf(RUN)).toEqual([]);
    });

    it('they stand before every range, in the order of the tables; ranges behind them tile as ever', async () => {
      const planning = await begin();
      const range = { shard: 0, table: 0, range: OPEN };
      await bench.ledger.addShards(planning, [range]);
      await expect(
        bench.ledger.addShards(planning, [{ ...range, shard: 1, keys: KEYS }]),
      ).rejects.toMatchObject({ code: 'INTERNAL' });
      const next = await bench.ledger.beginPlanning(RUN);
      await bench.ledger.addShards(next, [{ ...range, table: 1, keys: KEYS }]);
      await expect(bench.ledger.addShards(next, [{ ...range, shard: 1, keys: KEYS }])).rejects.toMatchObject({
        code: 'INTERNAL',
      });
      await expect(
        bench.ledger.addShards(next, [{ shard: 1, table: 0, range: { after: ['1'], upTo: null } }]),
      ).rejects.toMatchObject({ code: 'INTERNAL' });
      await expect(
        bench.ledger.addShards(next, [{ ...range, table: 1, keys: [['other']] }]),
      ).rejects.toMatchObject({ code: 'INTERNAL' });
      expect(await bench.ledger.addShards(next, [{ ...range, shard: 1 }])).toEqual({ kind: 'written' });
    });

    it('they are not split', async () => {
      await planned();
      await expect(bench.split(await bench.hold(0), [['1', 'b']])).rejects.toMatchObject({
        code: 'INTERNAL',
      });
    });

    it('planning again forgets them', async () => {
      const planning = await begin();
      await bench.ledger.addShards(planning, keyShards);
      const next = await bench.ledger.beginPlanning(RUN);
      await bench.ledger.addShards(next, tiledPlan([2]));
      await bench.ledger.completePlan(next, { tables: tablesOf([2]), now: 2000 });
      expect(await bench.ledger.openShards(RUN, 9)).toEqual([0, 1]);
    });

    it('carried differences are there from the beginning, once, and without a limit', async () => {
      const planning = await begin();
      const rows = Array.from({ length: 700 }, (_, i) => ({
        table: i % 2,
        ...knownRow(i, { state: 'open', generations: 3 }),
      }));
      expect(await bench.ledger.carryKnown(planning, [])).toEqual({ kind: 'written' });
      for (const _ of [1, 2])
        expect(await bench.ledger.carryKnown(planning, rows)).toEqual({ kind: 'written' });
      await bench.ledger.addShards(planning, [...keyShards, ...ranges([1, 1], 3)]);
      await bench.ledger.completePlan(planning, { tables: tablesOf([3, 2]), now: 2000 });
      expect(await bench.ledger.knownTotals(RUN)).toEqual([
        { kept: 350, beyond: 0 },
        { kept: 350, beyond: 0 },
      ]);
      expect((await bench.ledger.listKnown(RUN, { limit: 2 })).map(({ key }) => key[0])).toEqual(['0', '2']);
      const held = await bench.hold(0);
      const known = {
        keep: 10,
        rows: [knownRow(0, { state: 'still' }), knownRow(2, { state: 'resolved' })],
        beyond: 0,
      };
      await bench.ledger.commit(bench.lastOf(held), { checkpoint: null, add: countsOf({}), known }, 4000);
      expect((await bench.ledger.knownTotals(RUN))[0]).toEqual({ kept: 349, beyond: 0 });
    });

    it('an earlier planning carries none', async () => {
      const planning = await begin();
      await bench.ledger.carryKnown(planning, [{ table: 0, ...knownRow(1) }]);
      const next = await bench.ledger.beginPlanning(RUN);
      expect(await bench.ledger.carryKnown(planning, [{ table: 0, ...knownRow(2) }])).toEqual({
        kind: 'fenced',
      });
      await bench.ledger.addShards(next, tiledPlan([1]));
      await bench.ledger.inheritShards(next, [inheritedShard(0)]);
      await bench.ledger.completePlan(next, { tables: tablesOf([1]), now: 2000 });
      expect(await bench.ledger.listKnown(RUN, { limit: 9 })).toEqual([]);
    });
  });
}
