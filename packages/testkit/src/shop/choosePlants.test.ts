import { describe, expect, test } from 'vitest';
import { seededRandom } from '../random/seededRandom.ts';
import { choosePlants } from './choosePlants.ts';

const counts = { target_missing: 10, neq: 12, base_missing: 9 };

describe('choosePlants', () => {
  test.each([40, 60, 1_000, 1_000_000])(
    'no row of %i gets two damages, and none lies outside',
    (rowCount) => {
      const chosen = choosePlants({ rowCount, counts, random: seededRandom(rowCount) });
      const positions = [...chosen.deleteOnTarget, ...chosen.change, ...chosen.deleteOnBase];
      expect(new Set(positions).size).toBe(positions.length);
      expect(Math.min(...positions)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...positions)).toBeLessThan(rowCount);
    },
  );

  test('the smallest and the largest row go missing on the target', () => {
    const { deleteOnTarget } = choosePlants({ rowCount: 500, counts, random: seededRandom(1) });
    expect(deleteOnTarget).toEqual(expect.arrayContaining([0, 499]));
  });

  test('strangers come below, above and between', () => {
    const { insertOnTarget } = choosePlants({ rowCount: 500, counts, random: seededRandom(1) });
    expect(new Set(insertOnTarget)).toEqual(new Set(['below', 'above', 'between']));
  });

  test('every wanted damage is there when the table has the rows', () => {
    const chosen = choosePlants({ rowCount: 500, counts, random: seededRandom(2) });
    expect(chosen.deleteOnTarget).toHaveLength(counts.target_missing);
    expect(chosen.change).toHaveLength(counts.neq);
    expect(chosen.deleteOnBase.length + chosen.insertOnTarget.length).toBe(counts.base_missing);
  });

  test('an empty table gets insertions and nothing else', () => {
    const chosen = choosePlants({ rowCount: 0, counts, random: seededRandom(1) });
    expect([chosen.deleteOnTarget, chosen.change, chosen.deleteOnBase]).toEqual([[], [], []]);
    expect(chosen.insertOnTarget).toHaveLength(counts.base_missing);
  });

  test('the same seed damages the same rows', () => {
    const choose = () => choosePlants({ rowCount: 777, counts, random: seededRandom(9) });
    expect(choose()).toEqual(choose());
  });
});
