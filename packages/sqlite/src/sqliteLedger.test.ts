import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerConformance } from '@rowparity/core/conformance/ledger';
import { openSqliteLedger } from './openSqliteLedger.ts';

ledgerConformance('SQLite file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rowparity-ledger-'));
  const ledger = openSqliteLedger({ path: join(folder, 'run.sqlite') });
  return {
    ledger,
    async cleanUp() {
      await ledger.close();
      await rm(folder, { recursive: true });
    },
  };
});

ledgerConformance('SQLite in memory', async () => {
  const ledger = openSqliteLedger({ path: ':memory:' });
  return { ledger, cleanUp: () => ledger.close() };
});
