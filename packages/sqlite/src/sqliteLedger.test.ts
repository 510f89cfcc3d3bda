import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerConformance } from '@rowparity/core/conformance/ledger';
import { openDatabase } from './openDatabase.ts';
import { ledgerOn } from './openSqliteLedger.ts';

function underTest(path: string) {
  const database = openDatabase(path);
  const lose = () => {
    if (database.isOpen) database.close();
  };
  return { ledger: ledgerOn(database, path), lose, cleanUp: async () => lose() };
}

ledgerConformance('SQLite file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rowparity-ledger-'));
  const { cleanUp, ...opened } = underTest(join(folder, 'run.sqlite'));
  return {
    ...opened,
    async cleanUp() {
      await cleanUp();
      await rm(folder, { recursive: true });
    },
  };
});

ledgerConformance('SQLite in memory', async () => underTest(':memory:'));
