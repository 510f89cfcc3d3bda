import type { MapCell, ShardMap } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { cellWords, stripsOf, stripWords, urgentState } from './mapStrips.ts';

const MATCH: MapCell = [10, 0, 0, 0, 0];
const DIFFERS: MapCell = [9, 1, 0, 0, 0];
const WAITS: MapCell = [0, 0, 0, 0, 10];

function mapOf(tables: Readonly<Record<string, readonly MapCell[]>>): ShardMap {
  const cellsOf = Object.entries(tables).map(([name, cells]) => ({
    name,
    shards: 10 * cells.length,
    cells: [...cells],
  }));
  return { runId: 'r', at: 1, shards: 0, tables: cellsOf, timeline: null };
}

it('a cell shows what a person must see first', () => {
  expect(urgentState([5, 1, 1, 1, 1])).toBe('differs');
  expect(urgentState([5, 0, 1, 1, 1])).toBe('inconclusive');
  expect(urgentState([5, 0, 0, 1, 1])).toBe('running');
  expect(urgentState([5, 0, 0, 0, 1])).toBe('planned');
  expect(urgentState(MATCH)).toBe('match');
  expect(cellWords([1200, 1, 0, 0, 3])).toBe('1,200 match, 1 differ, 3 waiting');
});

it('tables with differences come first; small ones without share one strip', () => {
  const small = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`small_${i}`, [MATCH]]));
  const { shown, rest, sums } = stripsOf(
    mapOf({ ...small, large: [MATCH, MATCH], bad: [DIFFERS], waits: [WAITS], refused: [] }),
  );
  expect(shown.map(({ name }) => name)).toEqual(['bad', 'large']);
  expect([rest?.name, rest?.cells.length]).toEqual(['21 other tables', 21]);
  expect(sums).toEqual([229, 1, 0, 0, 10]);
});

it('of a thousand tables that differ, a dozen have a strip of their own', () => {
  const tables = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`t${i}`, [DIFFERS, MATCH]]));
  const { shown, rest } = stripsOf(mapOf(tables));
  expect([shown.length, rest?.cells.length]).toEqual([12, 988]);
});

it('a strip says in words where its differences are', () => {
  const [strip] = stripsOf(mapOf({ orders: [MATCH, MATCH, DIFFERS, MATCH] })).shown;
  expect(strip && stripWords(strip)).toBe(
    'orders: 40 shards, 39 match, 1 differ; differences begin at 50 % of the keys',
  );
});
