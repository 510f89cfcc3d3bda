import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerConformance } from '@rowparity/core/conformance/ledger';
import { openSqliteLedger } from './openSqliteLedger.ts';

ledgerConformance('SQLite file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rowparity-ledger-'));
  return {
    ledger: openSqliteLedger({ path: join(folder, 'run.sqlite') }),
    cleanUp: () => rm(folder, { recursive: true }),
  };
});

ledgerConformance('SQLite in memory', async () => ({
  ledger: openSqliteLedger({ path: ':memory:' }),
  cleanUp: async () => {},
}));
