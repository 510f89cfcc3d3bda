import { migrationsConformance } from '@rowparity/core/conformance/migrations';
import { memoryMigrations } from '@rowparity/core/testing/memoryMigrations';
import { openSqliteLedger } from './openSqliteLedger.ts';

/** `check` has no migrations, so SQLite keeps none: beside its runs, those in memory serve the tests of others. */
migrationsConformance('memory, beside SQLite', async () => {
  const ledger = openSqliteLedger({ path: ':memory:' });
  return { ledger, migrations: memoryMigrations(ledger), cleanUp: async () => undefined };
});
