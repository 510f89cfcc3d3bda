/** Known differences: kept in the same write as the counts that count them, once, and bounded in each table pair. */
import { describe, expect, it } from 'vitest';
import type { KnownRow, KnownRows, Progress } from '../../ports/ledger.ts';
import { type Attempt, type Bench, countsOf, plannedRun, RUN, specOf, tablesOf, tiledPlan } from './bench.ts';

/** Row ids of one table come in the order of their numbers. */
export function knownRow(number: number, change: Partial<KnownRow> = {}): KnownRow {
  return {
    ...{ rowId: number.toString(16).padStart(32, '0'), key: [`${number}`, 'a\n"ä'], type: 'neq' },
    keySpace: '0123456789abcdef',
    ...{ columns: ['größe\n', 'n'], state: 'new', firstSeen: 10, lastSeen: 20, generations: 1 },
    ...change,
  };
}

export function testKnown(bench: Bench): void {
  const rows = (from: number, count: number, change: Partial<KnownRow> = {}) =>
    Array.from({ length: count }, (_, i) => knownRow(from + i, change));
  const progressOf = (known: Partial<KnownRows>, checkpoint = '1'): Progress => {
    const all = { keep: 100, rows: [], beyond: 0, ...known };
    return { checkpoint: [checkpoint], add: countsOf({ neq: all.rows.length + all.beyond }), known: all };
  };
  const commit = async (attempt: Attempt, progress: Progress) => {
    const written = await bench.ledger.commit(bench.lastOf(attempt), progress, 4000);
    if (written.kind === 'written') bench.keep(written.hold);
    return written.kind;
  };
  const listed = async (limit = 1000) => bench.ledger.listKnown(RUN, { limit });
  const none = { kept: 0, beyond: 0 };

  describe('known differences', () => {
    it('they are kept with their table by commit and finish, in pages without gap or repeat', async () => {
      await plannedRun(bench.ledger, [1, 2]);
      expect(await listed()).toEqual([]);
      expect(await bench.ledger.knownTotals(RUN)).toEqual([none, none]);
      const [second, first] = [await bench.hold(1), await bench.hold(0)];
      expect(await commit(second, progressOf({ rows: [knownRow(7), knownRow(3)] }))).toBe('written');
      expect(await commit(first, progressOf({ rows: [knownRow(9)] }))).toBe('written');
      const end = { ...progressOf({ rows: rows(40, 3) }), outcome: 'differs', failure: null } as const;
      await bench.ledger.finish(bench.lastOf(second), end, 5000);
      const expected = [
        { table: 0, ...knownRow(9) },
        ...[3, 7, 40, 41, 42].map((number) => ({ table: 1, ...knownRow(number) })),
      ];
      expect(await listed()).toEqual(expected);
      const paged = [];
      for (let after = undefined as { table: number; rowId: string } | undefined; ; after = paged.at(-1)) {
        const page = await bench.ledger.listKnown(RUN, { limit: 2, after });
        if (page.length === 0) break;
        paged.push(...page);
      }
      expect(paged).toEqual(expected);
      expect(await listed(0)).toEqual([]);
      expect(await bench.ledger.knownTotals(RUN)).toEqual([
        { kept: 1, beyond: 0 },
        { kept: 5, beyond: 0 },
      ]);
      const ids = [41, 8, 3].map((number) => knownRow(number).rowId);
      expect(await bench.ledger.findKnown(RUN, 1, ids)).toEqual([expected[4], undefined, expected[1]]);
      expect(await bench.ledger.findKnown(RUN, 0, ids)).toEqual([undefined, undefined, undefined]);
    });

    it('a fenced write keeps none and counts none, and a repeated attempt doubles none', async () => {
      await plannedRun(bench.ledger, [1]);
      const stale = await bench.hold(0);
      await commit(stale, progressOf({ rows: rows(0, 2) }));
      const next = await bench.hold(0);
      expect(await commit(stale, progressOf({ rows: rows(2, 2), beyond: 5 }))).toBe('fenced');
      expect(await commit(next, progressOf({ rows: rows(0, 3) }, '2'))).toBe('written');
      expect(await listed()).toEqual(rows(0, 3).map((row) => ({ table: 0, ...row })));
      expect(await bench.ledger.knownTotals(RUN)).toEqual([{ kept: 3, beyond: 0 }]);
    });

    it('a table keeps as many as the spec says; the others are counted, and other tables have their own room', async () => {
      await plannedRun(bench.ledger, [2, 1]);
      const held = await bench.hold(0);
      await commit(held, progressOf({ keep: 3, rows: rows(0, 2) }));
      await commit(held, progressOf({ keep: 3, rows: rows(2, 4), beyond: 10 }, '2'));
      await commit(await bench.hold(1), progressOf({ keep: 3, rows: rows(50, 1) }));
      await commit(await bench.hold(2), progressOf({ keep: 3, rows: rows(90, 3) }));
      expect((await listed()).map(({ key }) => Number(key[0]))).toEqual([0, 1, 2, 90, 91, 92]);
      expect(await bench.ledger.knownTotals(RUN)).toEqual([
        { kept: 3, beyond: 14 },
        { kept: 3, beyond: 0 },
      ]);
    });

    it('a known row is replaced also where there is no room, and a resolved one takes none', async () => {
      await plannedRun(bench.ledger, [1]);
      const held = await bench.hold(0);
      await commit(held, progressOf({ keep: 2, rows: rows(0, 2) }));
      const still = knownRow(1, { state: 'still', type: 'base_missing', columns: [], generations: 2 });
      await commit(held, progressOf({ keep: 2, rows: [still, knownRow(0, { state: 'resolved' })] }, '2'));
      expect(await bench.ledger.knownTotals(RUN)).toEqual([{ kept: 1, beyond: 0 }]);
      await commit(held, progressOf({ keep: 2, rows: rows(5, 2) }, '3'));
      expect(await listed()).toEqual([
        { table: 0, ...knownRow(0, { state: 'resolved' }) },
        { table: 0, ...still },
        { table: 0, ...knownRow(5) },
      ]);
      expect(await bench.ledger.knownTotals(RUN)).toEqual([{ kept: 2, beyond: 1 }]);
      // It came back, and there is no room for it.
      await commit(held, progressOf({ keep: 2, rows: [knownRow(0, { state: 'new' })] }, '4'));
      expect(await bench.ledger.knownTotals(RUN)).toEqual([{ kept: 2, beyond: 2 }]);
    });

    it('they leave with a new planning and with the run', async () => {
      await bench.ledger.createRun(specOf(RUN), 1000);
      await plannedRun(bench.ledger, [1], 'run-2');
      const claimed = await bench.claim(0, 'w', 'run-2');
      if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
      await bench.ledger.commit(claimed.hold, progressOf({ rows: rows(0, 2) }), 4000);
      await bench.ledger.settle('run-2', { verdict: 'inconsistent', failure: null, now: 9000 });
      expect(await bench.ledger.listKnown('run-2', { limit: 9 })).toHaveLength(2);
      await bench.ledger.deleteRun('run-2');
      expect(await bench.ledger.listKnown('run-2', { limit: 9 })).toEqual([]);
      expect(await bench.ledger.knownTotals('run-2')).toEqual([]);
      const planning = await bench.ledger.beginPlanning(RUN);
      await bench.ledger.addShards(planning, tiledPlan([1]));
      await bench.ledger.completePlan(planning, { tables: tablesOf([1]), now: 2000 });
      expect(await bench.ledger.knownTotals(RUN)).toEqual([none]);
    });
  });
}
