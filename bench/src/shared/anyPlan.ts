/** A table that is never read: for what needs a plan and no rows. */
import type { TablePlan } from '@rowparity/contracts';

export const ANY_PLAN: TablePlan = {
  tables: { base: { schema: 'bench', table: 'orders' }, target: { schema: 'bench', table: 'orders' } },
  columns: [
    {
      names: { base: 'id', target: 'id' },
      types: { base: 'bigint', target: 'bigint' },
      readAs: { kind: 'plain' },
      rules: [],
    },
  ],
  key: [{ column: 0, kind: 'integer' }],
  indexes: { base: 'PRIMARY', target: 'PRIMARY' },
  where: null,
};
