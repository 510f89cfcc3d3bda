import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type OpenLedger, openSqliteLedger } from '@rowparity/sqlite';
import { afterEach, beforeEach, it } from 'vitest';
import { BROKEN, expectHealthySettles, twoRuns } from './testing/besideDamaged.ts';

let folder: string;
let ledger: OpenLedger;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowparity-beside-'));
  ledger = openSqliteLedger({ path: join(folder, 'run.sqlite') });
  await twoRuns(ledger);
});

afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true });
});

/** A ledger holds its file alone, so it is closed meanwhile. */
async function tamper(sql: string): Promise<void> {
  await ledger.close();
  const path = join(folder, 'run.sqlite');
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  ledger = openSqliteLedger({ path });
}

it.each([
  ['header', `UPDATE runs SET direction = 'UP' WHERE runId = '${BROKEN}'`, false],
  ['spec', `UPDATE runs SET spec = '{' WHERE runId = '${BROKEN}'`, true],
  ['plan', `UPDATE plans SET plan = '{' WHERE runId = '${BROKEN}'`, true],
])(
  'SQLite: beside a run with a damaged %s the other one settles, and lists answer',
  async (_, sql, isListed) => {
    await tamper(sql);
    await expectHealthySettles(ledger, { isListed });
  },
);
