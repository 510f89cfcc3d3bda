/** Runs: created once, settled once, listed by age. */
import type { RunSpec, TableRecord } from '@rowparity/contracts';
import { describe, expect, it } from 'vitest';
import { type Bench, plannedRun, REFUSED, RUN, specOf, tablesOf, tiledPlan } from './bench.ts';

export function testRuns(bench: Bench): void {
  describe('runs', () => {
    it('a new run is accepted and has no verdict', async () => {
      expect(await bench.ledger.createRun(specOf(RUN), 1000)).toEqual({ kind: 'created' });
      expect(await bench.ledger.getRun(RUN)).toEqual({
        version: 2,
        runId: RUN,
        generation: 1,
        state: 'accepted',
        cancelRequested: false,
        pausedAt: null,
        pausedMs: 0,
        direction: 'SRC',
        window: specOf(RUN).shard.window,
        planName: null,
        tableCount: 0,
        shards: 0,
        verdict: null,
        failure: null,
        createdAt: 1000,
        plannedAt: null,
        settledAt: null,
      });
      expect(await bench.ledger.getSpec(RUN)).toEqual(specOf(RUN));
      expect(await bench.ledger.getRemarks(RUN)).toEqual({ unstable: [], changed: [] });
    });

    it('an unknown run is undefined', async () => {
      expect(await bench.ledger.getRun('unknown')).toBeUndefined();
      expect(await bench.ledger.getSpec('unknown')).toBeUndefined();
      expect(await bench.ledger.getRemarks('unknown')).toEqual({ unstable: [], changed: [] });
    });

    it('a run has its generation, and another one of the same id and spec is refused', async () => {
      expect(await bench.ledger.createRun(specOf(RUN), 1000, { generation: 3 })).toEqual({ kind: 'created' });
      expect((await bench.ledger.getRun(RUN))?.generation).toBe(3);
      expect((await bench.ledger.createRun(specOf(RUN), 2000, { generation: 3 })).kind).toBe('same');
      expect((await bench.ledger.createRun(specOf(RUN), 2000, { generation: 4 })).kind).toBe('different');
      const planning = await bench.ledger.beginPlanning(RUN);
      await bench.ledger.addShards(planning, tiledPlan([1]));
      await bench.ledger.completePlan(planning, { tables: tablesOf([1]), now: 2000 });
      expect(await bench.claim(0)).toMatchObject({ kind: 'claimed', generation: 3 });
    });

    it('a run keeps the traceparent of the order that created it, and another one makes no other run', async () => {
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
      await bench.ledger.createRun(specOf(RUN), 1000, { traceparent });
      const again = { traceparent: traceparent.replace('b7', 'b8') };
      expect((await bench.ledger.createRun(specOf(RUN), 2000, again)).kind).toBe('same');
      expect(await bench.ledger.traceOf(RUN)).toBe(traceparent);
      await bench.ledger.createRun(specOf('untraced'), 1000);
      expect(await bench.ledger.traceOf('untraced')).toBeUndefined();
      expect(await bench.ledger.traceOf('unknown')).toBeUndefined();
    });

    it('the same id with the same spec is the same run, for any order of its members', async () => {
      const spec = specOf(RUN);
      await bench.ledger.createRun(spec, 1000);
      const turned = Object.fromEntries(Object.entries(spec).reverse()) as RunSpec;
      expect(await bench.ledger.createRun(turned, 9000)).toMatchObject({
        kind: 'same',
        run: { createdAt: 1000 },
      });
    });

    it('the same id with another spec is refused and changes nothing', async () => {
      await bench.ledger.createRun(specOf(RUN), 1000);
      const other = specOf(RUN, { direction: 'DST' });
      expect(await bench.ledger.createRun(other, 9000)).toMatchObject({ kind: 'different' });
      expect((await bench.ledger.getSpec(RUN))?.direction).toBe('SRC');
    });

    it('the newest runs are listed first', async () => {
      for (const [i, id] of ['a', 'b', 'c'].entries()) await bench.ledger.createRun(specOf(id), 1000 + i);
      expect((await bench.ledger.listRuns(2)).runs.map(({ runId }) => runId)).toEqual(['c', 'b']);
    });

    it('a run is open until it is settled, and is settled once', async () => {
      await bench.ledger.createRun(specOf('a'), 1000);
      await bench.ledger.createRun(specOf('b'), 1001);
      expect([...(await bench.ledger.openRuns())].sort()).toEqual(['a', 'b']);
      expect(await bench.ledger.settle('a', { verdict: 'inconclusive', failure: REFUSED, now: 2000 })).toBe(
        true,
      );
      expect(await bench.ledger.settle('a', { verdict: 'consistent', failure: null, now: 3000 })).toBe(false);
      expect(await bench.ledger.openRuns()).toEqual(['b']);
      expect(await bench.ledger.getRun('a')).toMatchObject({
        state: 'settled',
        verdict: 'inconclusive',
        failure: REFUSED,
        settledAt: 2000,
      });
    });

    it('what servers and tables were, by the plan and at the end, stays', async () => {
      const place = { host: 'db', port: '3306', serverId: '1', uuid: null, database: 'shop' };
      const server = { version: '8', ...place, position: { missing: 'none' } };
      const servers = {
        source: server,
        destination: { ...server, position: { variable: 'gtid', value: 'a:1\n-5' } },
      };
      const [table] = tablesOf([1]) as [TableRecord];
      const schemas = { source: { 'column a': 'x' }, destination: {} };
      await bench.ledger.createRun(specOf(RUN), 1000);
      const planning = await bench.ledger.beginPlanning(RUN);
      await bench.ledger.addShards(planning, tiledPlan([1]));
      const plan = { tables: [{ ...table, schemas }], servers };
      await bench.ledger.completePlan(planning, { ...plan, now: 2000 });
      expect(await bench.ledger.getPlan(RUN, planning.name)).toEqual(plan);
      await bench.finish(await bench.hold(0));
      const changed = [{ table: 0, failure: REFUSED }];
      const end = { verdict: 'inconclusive', failure: null, now: 3000 } as const;
      await bench.ledger.settle(RUN, { ...end, basis: { changed, doneShards: 1 } });
      await bench.ledger.settle(RUN, {
        ...end,
        verdict: 'consistent',
        basis: { changed: [], doneShards: 1 },
      });
      expect(await bench.ledger.getPlan(RUN, planning.name)).toEqual(plan);
      expect(await bench.ledger.getRemarks(RUN)).toEqual({ unstable: [], changed });
    });

    it('a verdict that was made of other shards than are done is not taken', async () => {
      await plannedRun(bench.ledger, [2, 1]);
      for (const shard of [0, 2]) await bench.finish(await bench.hold(shard));
      // Too many, too few, and all that are done while one is not.
      for (const doneShards of [3, 1, 2])
        expect(
          await bench.ledger.settle(RUN, {
            verdict: 'consistent',
            failure: null,
            now: 3000,
            basis: { changed: [], doneShards },
          }),
        ).toBe(false);
      expect(await bench.ledger.getRun(RUN)).toMatchObject({ state: 'running', verdict: null });
      await bench.finish(await bench.hold(1), 'inconclusive');
      const whole = { changed: [], doneShards: 3 };
      expect(
        await bench.ledger.settle(RUN, { verdict: 'inconclusive', failure: null, now: 4000, basis: whole }),
      ).toBe(true);
    });

    it('settling an unknown run records nothing', async () => {
      expect(await bench.ledger.settle('unknown', { verdict: 'consistent', failure: null, now: 1 })).toBe(
        false,
      );
      expect(await bench.ledger.getRun('unknown')).toBeUndefined();
    });

    it('a settled run can be deleted, with all that belongs to it, and its id is free again', async () => {
      const { name } = await plannedRun(bench.ledger, [2, 1]);
      expect(await bench.ledger.deleteRun(RUN)).toBe('open');
      expect((await bench.ledger.getRun(RUN))?.state).toBe('running');
      await bench.ledger.settle(RUN, { verdict: 'inconclusive', failure: REFUSED, now: 2000 });
      expect(await bench.ledger.deleteRun(RUN)).toBe('deleted');
      expect(await bench.ledger.getRun(RUN)).toBeUndefined();
      expect(await bench.ledger.getSpec(RUN)).toBeUndefined();
      expect(await bench.ledger.getPlan(RUN, name)).toBeUndefined();
      expect(await bench.ledger.getShard(RUN, 0)).toBeUndefined();
      expect(await bench.ledger.listShards(RUN, 0, 10)).toEqual([]);
      expect((await bench.ledger.listRuns(10)).runs.map(({ runId }) => runId)).not.toContain(RUN);
      expect(await bench.ledger.deleteRun(RUN)).toBe('unknown');
      expect((await bench.ledger.createRun(specOf(RUN), 3000)).kind).toBe('created');
      expect(await bench.ledger.getRun(RUN)).toMatchObject({ planName: null, tableCount: 0 });
    });

    it('a second cancel changes nothing, and a settled run cannot be cancelled', async () => {
      await bench.ledger.createRun(specOf(RUN), 1000);
      expect(await bench.ledger.requestCancel(RUN)).toBe(true);
      expect(await bench.ledger.requestCancel(RUN)).toBe(true);
      expect((await bench.ledger.getRun(RUN))?.cancelRequested).toBe(true);
      await bench.ledger.settle(RUN, { verdict: 'inconclusive', failure: REFUSED, now: 2000 });
      expect(await bench.ledger.requestCancel(RUN)).toBe(false);
      expect(await bench.ledger.requestCancel('unknown')).toBe(false);
    });
  });
}
