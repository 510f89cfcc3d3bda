import { describe, expect, test } from 'vitest';
import { seededRandom } from '../random/seededRandom.ts';
import { insertStatements } from './createShop.ts';
import type { KeyValues, ShopTable } from './shopTable.ts';
import { shopTables } from './shopTables.ts';

const ROWS = 3_000;
const filled = shopTables.filter(({ share }) => share > 0);

describe.each(filled.map((table) => [table.name, table] as const))('%s', (_name, table) => {
  const keys = [...table.keys(ROWS, seededRandom(1))];

  test('keys ascend without a repeat, and are as many as asked for', () => {
    expect(keys).toHaveLength(ROWS);
    const descents = keys.filter((key, index) => index > 0 && !isBefore(table, keys[index - 1] ?? [], key));
    expect(descents).toEqual([]);
  });

  test('strangers are never among the keys, and lie where they say', () => {
    const present = new Set(keys.map(String));
    const random = seededRandom(2);
    const [first, last] = [keys[0] ?? [], keys.at(-1) ?? []];
    for (let draw = 0; draw < 500; draw += 1) {
      const below = table.strangers.below(random, ROWS);
      const between = table.strangers.between(random, ROWS);
      const above = table.strangers.above(random, ROWS);
      expect(present.has(String(between))).toBe(false);
      expect(isBefore(table, below, first)).toBe(true);
      expect(isBefore(table, last, above)).toBe(true);
    }
  });

  test('the same seed writes the same statements', () => {
    const write = () => [...insertStatements(table, 200, seededRandom(3))].join(';');
    expect(write()).toBe(write());
  });
});

test('ledger ids lie on both sides of what a double can count', () => {
  const ledger = filled.find(({ name }) => name === 'ledger_gaps');
  const ids = [...(ledger?.keys(ROWS, seededRandom(1)) ?? [])].map(([id]) => BigInt(id ?? ''));
  expect(ids.some((id) => id < -(2n ** 53n))).toBe(true);
  expect(ids.some((id) => id > 2n ** 53n)).toBe(true);
  const colliding = ids.filter((id, index) => index > 0 && Number(id) === Number(ids[index - 1]));
  expect(colliding.length).toBeGreaterThan(100);
});

function isBefore(table: ShopTable, left: KeyValues, right: KeyValues): boolean {
  for (const [index, { kind }] of table.key.entries()) {
    const [a, b] = [left[index] ?? '', right[index] ?? ''];
    if (a === b) continue;
    return kind === 'binary' ? a < b : BigInt(a) < BigInt(b);
  }
  return false;
}
