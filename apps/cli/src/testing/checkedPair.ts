/** A primary and its replica by GTID, with tables to check, and the command between them. */
import { connect, createDatabase, databaseUrl, type ReplicaPair, startReplicaPair } from '@rowparity/testkit';
import { sqlServer } from '@rowparity/testkit/vitest';
import { type TestCli, testCli } from './testCli.ts';

const DATABASE = 'shop';

export interface CheckedPair extends ReplicaPair {
  onPrimary(...statements: readonly string[]): Promise<void>;
  onReplica(...statements: readonly string[]): Promise<void>;
  /** The primary is the side that is right. */
  cli(direction: 'SRC' | 'DST'): Promise<TestCli>;
}

export async function startCheckedPair(tables: readonly string[]): Promise<CheckedPair> {
  const pair = await startReplicaPair(() => undefined, sqlServer('source').flavour);
  await createDatabase(pair.primary, DATABASE);
  const runOn = async (server: 'primary' | 'replica', statements: readonly string[]) => {
    const admin = await connect(pair[server], DATABASE);
    for (const statement of statements) await admin.query(statement);
    await admin.end();
  };
  await runOn('primary', tables);
  await pair.untilEqual();
  return {
    ...pair,
    onPrimary: (...statements) => runOn('primary', statements),
    onReplica: (...statements) => runOn('replica', statements),
    cli(direction) {
      const urls = [databaseUrl(pair.primary, DATABASE), databaseUrl(pair.replica, DATABASE)];
      const [source = '', destination = ''] = direction === 'SRC' ? urls : urls.toReversed();
      return testCli({ ROWPARITY_CONNECTION_SOURCE: source, ROWPARITY_CONNECTION_DESTINATION: destination });
    },
  };
}
