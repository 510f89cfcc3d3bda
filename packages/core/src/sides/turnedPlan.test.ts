import type { PlacedTablePlan, TablePlan } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { inPlaces, inRoles } from './turnedPlan.ts';

/** Every pair that a plan may hold, with names that look like sides and places themselves. */
const STORED: PlacedTablePlan = {
  tables: { source: { schema: 'old', table: 'source' }, destination: { schema: 'new', table: 'target' } },
  columns: [
    {
      names: { source: 'source', destination: 'destination' },
      types: { source: 'char(3)', destination: 'varchar(3)' },
      readAs: { kind: 'text', charsets: { source: 'latin1', destination: 'utf8mb4' } },
      rules: ['json'],
    },
    {
      names: { source: 'base', destination: 'target' },
      types: { source: 'int', destination: 'bigint' },
      readAs: { kind: 'decimal', precision: 20, scale: 0 },
      rules: [],
    },
  ],
  key: [{ column: 0, kind: 'text', collations: { source: 'latin1_bin', destination: 'utf8mb4_bin' } }],
  indexes: { source: 'PRIMARY', destination: 'other' },
  where: { source: 'a = 1', destination: 'b = 1' },
};

it('SRC: the source is the base of every pair', () => {
  const plan: TablePlan = inRoles(STORED, 'SRC');
  expect(plan.tables).toEqual({
    base: { schema: 'old', table: 'source' },
    target: { schema: 'new', table: 'target' },
  });
  expect(plan.columns[0]).toMatchObject({
    names: { base: 'source', target: 'destination' },
    types: { base: 'char(3)', target: 'varchar(3)' },
    readAs: { charsets: { base: 'latin1', target: 'utf8mb4' } },
  });
  expect(plan.key[0]?.collations).toEqual({ base: 'latin1_bin', target: 'utf8mb4_bin' });
  expect(plan.indexes).toEqual({ base: 'PRIMARY', target: 'other' });
  expect(plan.where).toEqual({ base: 'a = 1', target: 'b = 1' });
});

it('DST: every pair stands the other way round, and nothing else is changed', () => {
  const swap = ({ base, target }: { base: unknown; target: unknown }) => ({ base: target, target: base });
  const [forth, back] = [inRoles(STORED, 'SRC'), inRoles(STORED, 'DST')];
  expect(back.tables).toEqual(swap(forth.tables));
  for (const [i, column] of forth.columns.entries()) {
    expect(back.columns[i]?.names).toEqual(swap(column.names));
    expect(back.columns[i]?.types).toEqual(swap(column.types));
    expect(back.columns[i]?.rules).toEqual(column.rules);
  }
  expect(back.columns[1]?.readAs).toEqual(forth.columns[1]?.readAs);
  expect(back.key[0]?.collations).toEqual(swap(forth.key[0]?.collations as never));
  expect(back.indexes).toEqual(swap(forth.indexes));
  expect(back.where).toEqual(swap(forth.where as never));
});

it.each(['SRC', 'DST'] as const)('what was turned by %s comes back to its places', (direction) => {
  expect(inPlaces<PlacedTablePlan>(inRoles(STORED, direction), direction)).toEqual(STORED);
});

it('without a predicate there is nothing to turn, and the parts of a schema keep their names', () => {
  expect(inRoles({ ...STORED, where: null }, 'DST').where).toBeNull();
  const schemas = { source: { 'column source': 'a', 'column destination': 'b' }, destination: {} };
  expect(inRoles(schemas, 'DST')).toEqual({ base: {}, target: schemas.source });
});
