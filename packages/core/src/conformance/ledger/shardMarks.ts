/** Marks of shards, and the map that is made of them: in the order of keys, also where shards were split. */
import { describe, expect, it } from 'vitest';
import { shardMapOf } from '../../settling/shardMapOf.ts';
import { type Bench, plannedRun, RUN } from './bench.ts';

const NOW = 9000;

export function testShardMarks(bench: Bench): void {
  const mapOf = (cells: number) => shardMapOf(RUN, { ledger: bench.ledger, cells }, NOW);

  describe('the marks of shards', () => {
    it('say what the shards say', async () => {
      await plannedRun(bench.ledger, [3, 0, 1]);
      await bench.commit(await bench.hold(0), { rowsBase: 5, rowsTarget: 4, candidates: 2 }, ['1']);
      const found = { rowsBase: 7, rowsTarget: 6, neq: 1, targetMissing: 2, converged: 4, lagTwoSeconds: 4 };
      await bench.finish(await bench.hold(1), 'differs', found);
      await bench.finish(await bench.hold(3), 'inconclusive');
      const marks = await bench.ledger.listShardMarks(RUN, 0, 10);
      const shards = await bench.ledger.listShards(RUN, 0, 10);
      const told = (value: unknown) => value && JSON.stringify(value);
      expect(
        marks.map(({ table, after, upTo, claimedAt, committedAt, holdsKeys, isInherited }) => ({
          ...{ table, after, upTo, claimedAt, committedAt, holdsKeys, isInherited },
        })),
      ).toEqual(
        shards.map(({ table, range, claimedAt, committedAt }) => ({
          ...{ table, after: told(range.after), upTo: told(range.upTo), claimedAt, committedAt },
          ...{ holdsKeys: false, isInherited: false },
        })),
      );
      expect(
        marks.map(({ state, rows, confirmed, converged, slowestMs }) => [
          state,
          rows,
          confirmed,
          converged,
          slowestMs,
        ]),
      ).toEqual([
        ['running', 9, 0, 0, 0],
        ['differs', 13, 3, 4, 2000],
        ['planned', 0, 0, 0, 0],
        ['inconclusive', 0, 0, 0, 0],
      ]);
    });

    it('come in pages, and there are none of an unknown run', async () => {
      await plannedRun(bench.ledger, [3, 2]);
      const tables = async (from: number, limit: number) =>
        (await bench.ledger.listShardMarks(RUN, from, limit)).map(({ table }) => table);
      expect(await tables(0, 2)).toEqual([0, 0]);
      expect(await tables(2, 2)).toEqual([0, 1]);
      expect(await tables(4, 2)).toEqual([1]);
      expect(await tables(5, 2)).toEqual([]);
      expect(await tables(0, 0)).toEqual([]);
      expect(await bench.ledger.listShardMarks('unknown', 0, 10)).toEqual([]);
    });
  });

  describe('the map of a run', () => {
    it('counts every shard once, in cells of neighbours', async () => {
      await plannedRun(bench.ledger, [4, 0, 2]);
      await bench.finish(await bench.hold(0), 'match');
      await bench.finish(await bench.hold(1), 'differs', { neq: 1 });
      await bench.finish(await bench.hold(4), 'inconclusive');
      await bench.hold(5);
      const map = await mapOf(3);
      expect(map).toMatchObject({ runId: RUN, at: NOW, shards: 6 });
      // match, differs, inconclusive, running, planned
      expect(map?.tables.map(({ shards, cells }) => [shards, cells])).toEqual([
        [
          4,
          [
            [1, 1, 0, 0, 0],
            [0, 0, 0, 0, 2],
          ],
        ],
        [0, []],
        [2, [[0, 0, 1, 1, 0]]],
      ]);
      expect((await mapOf(1000))?.tables[0]?.cells).toHaveLength(4);
    });

    it('puts a shard that was split off, and what was split off of that, behind the shard that it belongs to', async () => {
      await plannedRun(bench.ledger, [3]);
      const held = await bench.hold(0);
      await bench.split(held, [['100'], ['200'], ['300']]);
      // The ranges are now …100 | 1000 | 2000 | 100–200 | 200–300 | 300–1000.
      const rest = await bench.hold(5);
      await bench.split(rest, [['400']]);
      await bench.finish(await bench.hold(6), 'differs', { neq: 1 });
      await bench.finish(await bench.hold(4), 'match');
      const map = await mapOf(1000);
      expect(map?.shards).toBe(7);
      expect(map?.tables[0]?.cells).toEqual([
        [1, 1, 0, 2, 1],
        [0, 0, 0, 0, 1],
        [0, 0, 0, 0, 1],
      ]);
    });

    it('has a course of time that adds up to what was committed', async () => {
      await plannedRun(bench.ledger, [3]);
      expect((await mapOf(10))?.timeline).toBeNull();
      await bench.finish(await bench.hold(0), 'match', { rowsBase: 500, rowsTarget: 500, converged: 3 });
      await bench.finish(await bench.hold(1), 'differs', { rowsBase: 7, rowsTarget: 6, neq: 2 });
      const timeline = (await mapOf(10))?.timeline;
      const sum = (numbers: readonly number[] | undefined) => numbers?.reduce((a, b) => a + b, 0);
      expect([sum(timeline?.rows), sum(timeline?.confirmed), sum(timeline?.converged)]).toEqual([1013, 2, 3]);
      const { comparedFrom } = (await bench.ledger.getRun(RUN)) ?? {};
      expect(timeline?.from).toBe(comparedFrom);
    });

    it('is none of an unknown run, and empty without a plan', async () => {
      expect(await mapOf(10)).toBeUndefined();
      await plannedRun(bench.ledger, []);
      expect(await mapOf(10)).toMatchObject({ shards: 0, tables: [], timeline: null });
    });
  });
}
