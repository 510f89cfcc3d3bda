/** Groups of differences: written with the counts, once, bounded, and with every digit of their keys. */
import { type DifferenceGroup, GROUPS_A_TABLE_MAX, type KeyTuple } from '@rowparity/contracts';
import { describe, expect, it } from 'vitest';
import type { Progress } from '../../ports/ledger.ts';
import { type Attempt, type Bench, countsOf, plannedRun, RUN, specOf } from './bench.ts';

const SIGN = { code: 'sign' } as const;

/** Of rows with one integer key. */
function group(column: string | null, rows: number, keys: readonly [string, string]): DifferenceGroup {
  const [low, high] = keys;
  const type = column === null ? 'target_missing' : 'neq';
  return { type, column, cause: column === null ? null : SIGN, rows, low, high, example: [low] };
}

export function testGroups(bench: Bench): void {
  const progressOf = (groups: readonly DifferenceGroup[], beyond = 0, checkpoint = '1'): Progress => {
    return { checkpoint: [checkpoint], add: countsOf({ neq: 1 }), groups: { groups, beyond } };
  };
  const commit = async (attempt: Attempt, progress: Progress) => {
    const written = await bench.ledger.commit(bench.lastOf(attempt), progress, 4000);
    if (written.kind === 'written') bench.keep(written.hold);
    return written.kind;
  };
  const read = () => bench.ledger.differenceGroups(RUN);

  describe('groups of differences', () => {
    it('writes of all shards of a table add up, the largest groups come first', async () => {
      await plannedRun(bench.ledger, [1, 2]);
      expect(await read()).toEqual([]);
      const [other, first, second] = [await bench.hold(0), await bench.hold(1), await bench.hold(2)];
      await commit(second, progressOf([group('a', 2, ['5', '18446744073709551615'])]));
      await commit(first, progressOf([group('a', 1, ['-10', '-10']), group('größe "\n\t', 9, ['1', '9'])]));
      await commit(other, progressOf([group(null, 3, ['7', '9'])], 4));
      const end = {
        ...progressOf([group('a', 5, ['-9', '10'])], 0, '2'),
        outcome: 'differs',
        failure: null,
      } as const;
      await bench.ledger.finish(bench.lastOf(first), end, 5000);
      expect(await read()).toEqual([
        { table: 0, groups: [group(null, 3, ['7', '9'])], beyond: 4 },
        {
          table: 1,
          groups: [
            group('größe "\n\t', 9, ['1', '9']),
            { ...group('a', 8, ['-10', '18446744073709551615']), example: ['5'] },
          ],
          beyond: 0,
        },
      ]);
    });

    it('keys that are no integers have no ends, and rows without a key no example', async () => {
      await plannedRun(bench.ledger, [1]);
      const held = await bench.hold(0);
      const key: KeyTuple = ['a\n\t"ä', '7'];
      const text = { ...group('a', 2, ['0', '0']), low: null, high: null, example: key };
      const keyless = { ...group(null, 6, ['0', '0']), low: null, high: null, example: null };
      await commit(held, progressOf([text, keyless]));
      await commit(held, progressOf([{ ...text, example: ['b', '8'] }, keyless], 0, '2'));
      expect(await read()).toEqual([
        {
          table: 0,
          groups: [
            { ...keyless, rows: 12 },
            { ...text, rows: 4 },
          ],
          beyond: 0,
        },
      ]);
    });

    it('a fenced write counts none, and an attempt that begins anew doubles none', async () => {
      await plannedRun(bench.ledger, [1]);
      const stale = await bench.hold(0);
      await commit(stale, progressOf([group('a', 2, ['1', '2'])]));
      const next = await bench.hold(0);
      expect(await commit(stale, progressOf([group('a', 9, ['0', '9'])], 5))).toBe('fenced');
      expect(await commit(next, progressOf([group('a', 1, ['3', '3'])], 0, '2'))).toBe('written');
      expect(await read()).toEqual([
        { table: 0, groups: [{ ...group('a', 3, ['1', '3']), example: ['1'] }], beyond: 0 },
      ]);
    });

    it('a table has a bounded number of them; what fits into none counts, and known ones go on', async () => {
      await plannedRun(bench.ledger, [1]);
      const held = await bench.hold(0);
      const many = Array.from({ length: GROUPS_A_TABLE_MAX + 3 }, (_, i) => group(`c${i}`, 2, ['1', '2']));
      await commit(held, progressOf(many.slice(0, 60), 1));
      await commit(held, progressOf(many, 10, '2'));
      const [{ groups, beyond } = { groups: [], beyond: 0 }] = await read();
      expect(groups).toHaveLength(GROUPS_A_TABLE_MAX);
      expect(groups.filter(({ rows }) => rows === 4)).toHaveLength(60);
      expect(beyond).toBe(1 + 10 + 3 * 2);
    });

    it('they leave with a new planning and with the run', async () => {
      await plannedRun(bench.ledger, [1], 'run-2');
      const claimed = await bench.claim(0, 'w', 'run-2');
      if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
      await bench.ledger.commit(claimed.hold, progressOf([group('a', 1, ['1', '1'])]), 1);
      expect(await bench.ledger.differenceGroups('run-2')).toHaveLength(1);
      await bench.ledger.settle('run-2', {
        ...{ verdict: 'inconclusive', failure: { code: 'RUN_CANCELLED', message: 'x' }, now: 9 },
      });
      expect(await bench.ledger.deleteRun('run-2')).toBe('deleted');
      await bench.ledger.createRun(specOf('run-2'), 1000);
      expect(await bench.ledger.differenceGroups('run-2')).toEqual([]);
    });
  });
}
