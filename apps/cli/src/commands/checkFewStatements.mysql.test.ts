/** A server that has few prepared statements left is compared with those. */
import {
  connect,
  createDatabase,
  databaseUrl,
  type OwnSql,
  type SqlAddress,
  startOwnSql,
  uniqueName,
  whyNotNative,
} from '@rowparity/testkit';
import { type FreshDatabase, freshDatabase } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testCli } from '../testing/testCli.ts';

const TABLES = 8;
const START_MS = 120_000;

describe.skipIf(whyNotNative('sql') !== undefined)('max_prepared_stmt_count', () => {
  const name = uniqueName('statements');
  let own: OwnSql;
  let destination: FreshDatabase;

  beforeAll(async () => {
    own = await startOwnSql(() => undefined, { options: ['--max-prepared-stmt-count=3'] });
    destination = await freshDatabase('destination', name);
    await createDatabase(own.server, name);
    await fill(own.server, 1);
    await fill(destination.server, 2);
  }, START_MS);

  afterAll(async () => {
    await own?.stop();
    await destination?.drop();
  });

  async function fill(server: SqlAddress, value: number): Promise<void> {
    const connection = await connect(server, name);
    for (let i = 0; i < TABLES; i += 1) {
      await connection.query(`CREATE TABLE m${i} (id INT PRIMARY KEY, v INT)`);
      await connection.query(`INSERT INTO m${i} VALUES (1, 1), (2, ${i === 1 ? value : 2})`);
    }
    await connection.end();
  }

  test('three statements for all connections are enough', async () => {
    await using cli = await testCli({
      ROWPARITY_CONNECTION_SOURCE: databaseUrl(own.server, name),
      ROWPARITY_CONNECTION_DESTINATION: destination.url,
    });
    const args = ['check', '--tables', '*', '--recheck-delays', '0,100', '--report', 'report.json'];
    const end = await cli.run([...args, '--quiet']);
    expect(end).toMatchObject({ code: 1 });
    expect(await cli.report('report.json')).toMatchObject({ complete: true, counts: { neq: 1 } });
  });
});
