/** A table that is never read: for what needs a plan and no rows. */
import type { PlacedTablePlan } from '@rowparity/contracts';

export const ANY_PLAN: PlacedTablePlan = {
  tables: { source: { schema: 'bench', table: 'orders' }, destination: { schema: 'bench', table: 'orders' } },
  columns: [
    {
      names: { source: 'id', destination: 'id' },
      types: { source: 'bigint', destination: 'bigint' },
      readAs: { kind: 'plain' },
      rules: [],
    },
  ],
  key: [{ column: 0, kind: 'integer' }],
  indexes: { source: 'PRIMARY', destination: 'PRIMARY' },
  where: null,
};
