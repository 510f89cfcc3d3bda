import { expect, it } from 'vitest';
import type { CatalogListing } from '../ports/catalog.ts';
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
