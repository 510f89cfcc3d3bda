import { Fault } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { Catalog, CatalogTable } from '../ports/catalog.ts';
import { describePairs, groupsOf } from './describePairs.ts';
import { sideBySide } from './sideBySide.ts';

const never = new AbortController().signal;

function tableOf(table: string): CatalogTable {
  return {
    schema: 's',
    table,
    columns: [],
    uniqueIndexes: [],
    plainIndexes: [],
    estimatedRows: 1,
    hasHiddenColumns: false,
  };
}

/**
 * A catalog of these tables that notes what it was asked; `fault` comes with every question that names the table
 * `bad`.
 */
function catalogOf(names: readonly string[], fault?: Fault) {
  const asked: string[] = [];
  const find = (tables: readonly string[]) => {
    asked.push(tables.join(' '));
    if (fault && tables.includes('bad')) throw fault;
    return new Map(tables.filter((name) => names.includes(name)).map((name) => [name, tableOf(name)]));
  };
  const catalog: Pick<Catalog, 'describe' | 'describeAll'> = {
    describeAll: async (tables) => find(tables),
    describe: async (table) => find([table]).get(table),
  };
  return { catalog: catalog as Catalog, asked };
}

const pairs = ['a', 'bad', 'c'].map((name) => ({ base: name, target: name }));
const names = ['a', 'bad', 'c'];

it('the tables of many pairs are asked for with one question a side', async () => {
  const [base, target] = [catalogOf(names), catalogOf(['a'])];
  const described = await describePairs(pairs, { base: base.catalog, target: target.catalog }, never);
  const found = await Promise.all(pairs.map(described));
  expect(found.map((pair) => [pair.base?.table, pair.target?.table])).toEqual([
    ['a', 'a'],
    ['bad', undefined],
    ['c', undefined],
  ]);
  expect([base.asked, target.asked]).toEqual([['a bad c'], ['a bad c']]);
});

it('the fault of one table stays with it: the others are asked for by themselves', async () => {
  const fault = new Fault('transient', { code: 'STATEMENT_TIMEOUT', message: 'locked' });
  const [base, target] = [catalogOf(names, fault), catalogOf(names)];
  const described = await describePairs(pairs, { base: base.catalog, target: target.catalog }, never);
  const ends = await Promise.allSettled(pairs.map(described));
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(base.asked).toEqual(['a bad c', 'a', 'bad', 'c']);
  expect(target.asked).toEqual(['a bad c']);
});

it('the fault of a server is thrown, and nothing more is asked', async () => {
  const fault = new Fault('transient', { code: 'SERVER_UNREACHABLE', message: 'gone' });
  const { catalog, asked } = catalogOf(names, fault);
  await expect(describePairs(pairs, { base: catalog, target: catalog }, never)).rejects.toBe(fault);
  expect(asked).toEqual(['a bad c', 'a bad c']);
});

it('groups hold everything once, in order', () => {
  expect(groupsOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(groupsOf([], 2)).toEqual([]);
});

it('side by side: so many at once, results in order, and after a fault nothing new begins', async () => {
  let running = 0;
  let most = 0;
  const doubled = await sideBySide(3, [1, 2, 3, 4, 5, 6, 7], async (one) => {
    running += 1;
    most = Math.max(most, running);
    for (let i = 7 - one; i >= 0; i -= 1) await Promise.resolve();
    running -= 1;
    return 2 * one;
  });
  expect(doubled).toEqual([2, 4, 6, 8, 10, 12, 14]);
  expect(most).toBe(3);

  const begun: number[] = [];
  const fault = new Error('of the second');
  const failing = sideBySide(2, [1, 2, 3, 4, 5], async (one) => {
    begun.push(one);
    await Promise.resolve();
    if (one === 2) throw fault;
  });
  await expect(failing).rejects.toBe(fault);
  expect(begun.length).toBeLessThan(5);
});
