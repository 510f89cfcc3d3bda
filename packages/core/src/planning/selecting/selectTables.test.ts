import { expect, it } from 'vitest';
import type { CatalogListing } from '../../ports/catalog.ts';
import { type Listings, selectTables } from './selectTables.ts';

function listing(tables: readonly string[], more: Partial<CatalogListing> = {}): CatalogListing {
  const entries = tables.map((name) => ({ name, kind: 'table' as const }));
  return { entries, ignoresCase: false, isWhole: true, ...more };
}

const names: Listings = {
  source: listing(['orders', 'order_items', 'old', 'x.y']),
  destination: listing(['orders', 'order_items', 'fresh', 'x.y']),
};

function selected(...selections: Parameters<typeof selectTables>[0]) {
  return selectTables(selections, names).map(({ source, refusal }) =>
    refusal ? `${source}: ${refusal.code}` : source,
  );
}

it('a pattern finds tables on either side, and one that is on one side only is a refusal', () => {
  expect(selected({ pattern: '*' })).toEqual([
    'fresh: TABLE_ONLY_ON_DESTINATION',
    'old: TABLE_ONLY_ON_SOURCE',
    'order_items',
    'orders',
    'x.y',
  ]);
});

it('* and ? are the only characters with a meaning', () => {
  expect(selected({ pattern: 'order?' })).toEqual(['orders']);
  expect(selected({ pattern: 'x.?' })).toEqual(['x.y']);
  expect(selected({ pattern: 'o.*' })).toEqual(['o.*: TABLE_NOT_FOUND']);
});

it('a pattern that finds nothing is a refusal, so that a typo does not pass for consistent', () => {
  expect(selected({ pattern: 'nope*' })).toEqual(['nope*: TABLE_NOT_FOUND']);
});

it('a table that is named twice is compared once', () => {
  expect(selected({ name: 'orders' }, { pattern: 'ord*' })).toEqual(['orders', 'order_items']);
});

it('excluded tables are left out', () => {
  expect(selected({ pattern: '*', exclude: ['o*', 'fresh'] })).toEqual(['x.y']);
});

it.each([
  ['with other columns left out', { name: 'orders', excludeColumns: ['note'] }],
  ['with other words for the same', { name: 'orders', destination: 'fresh' }],
])('a table that is named twice, %s, is refused', (_, second) => {
  expect(selected({ name: 'orders' }, second)).toEqual(['orders: SPEC_INVALID']);
});

it('what two patterns say of a table must be the same', () => {
  expect(selected({ pattern: 'orders' }, { pattern: 'ord*s' })).toEqual(['orders', 'order_items']);
  expect(selected({ pattern: 'orders' }, { pattern: 'orders', excludeColumns: ['note'] })).toEqual([
    'orders: SPEC_INVALID',
  ]);
});

it('what is said of a table by its name goes before what a pattern says, in any order', () => {
  const named = { name: 'orders', excludeColumns: ['note'] };
  for (const selections of [
    [named, { pattern: '*' }],
    [{ pattern: '*' }, named],
  ]) {
    const found = selectTables(selections, names).find(({ source }) => source === 'orders');
    expect(found).toMatchObject({ selection: named, refusal: undefined });
  }
});

it('a table that is the partner of another name is not missed on its own', () => {
  expect(selected({ name: 'old', destination: 'fresh' }, { pattern: '*' })).toEqual([
    'old',
    'order_items',
    'orders',
    'x.y',
  ]);
});

it('a view or a sequence is named as such, on whichever side it is', () => {
  const view = listing([], { entries: [{ name: 'orders', kind: 'view' }] });
  const sequence = listing([], { entries: [{ name: 'orders', kind: 'sequence' }] });
  const table = listing(['orders']);
  const messageOf = (source: CatalogListing, destination: CatalogListing) =>
    selectTables([{ name: 'orders' }], { source, destination })[0]?.refusal?.message;
  expect(messageOf(view, table)).toMatch(/orders is a view on the source/);
  expect(messageOf(table, view)).toMatch(/orders is a view on the destination/);
  expect(messageOf(table, sequence)).toMatch(/orders is a sequence on the destination/);
  // A pattern leaves them out where both sides agree that there is no table.
  expect(selectTables([{ pattern: '*' }], { source: view, destination: view })[0]?.refusal?.code).toBe(
    'TABLE_NOT_FOUND',
  );
});

it('names that differ in case are one name only for a server that ignores case', () => {
  const upper = listing(['Orders']);
  const lower = listing(['orders']);
  const pairOf = (source: CatalogListing, destination: CatalogListing) =>
    selectTables([{ pattern: '*' }], { source, destination });
  expect(pairOf(upper, { ...lower, ignoresCase: true })).toMatchObject([
    { source: 'Orders', destination: 'orders', refusal: undefined },
  ]);
  expect(pairOf(upper, lower).map(({ refusal }) => refusal?.message)).toEqual([
    expect.stringContaining('differs only in case'),
    expect.stringContaining('differs only in case'),
  ]);
});

it('a pattern of many stars is matched in no time', () => {
  const pattern = `${'*a'.repeat(60)}*b`;
  expect(selected({ pattern })).toEqual([`${pattern}: TABLE_NOT_FOUND`]);
  const long = listing([`${'a'.repeat(64)}`]);
  expect(
    selectTables([{ pattern: '*a*a*a*a*a*a*a*a*a*a*a*a*a*a*c' }], { source: long, destination: long }),
  ).toHaveLength(1);
});
