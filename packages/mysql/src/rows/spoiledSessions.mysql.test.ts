import { sqlServer } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sessionVariables } from '../connection/sessionVariables.ts';
import { findDifferences } from '../testing/findDifferences.ts';
import { noSignal, type TestServers, testServers } from '../testing/tablePair.ts';

/** Values other than those that a session was given. */
const SPOILED: Readonly<Record<string, string>> = {
  character_set_client: "'latin1'",
  character_set_connection: "'latin1'",
  collation_connection: "'utf8mb4_general_ci'",
  character_set_results: "'latin1'",
  autocommit: '0',
  sql_select_limit: '1000000',
  max_join_size: '1000000000',
  sql_big_selects: '0',
  sql_mode: "''",
  time_zone: "'-03:00'",
  transaction_isolation: "'READ-UNCOMMITTED'",
  tx_isolation: "'READ-UNCOMMITTED'",
  system_versioning_asof: "'2037-01-01 00:00:00'",
};

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
  await servers.runBoth(
    'CREATE TABLE same (id INT PRIMARY KEY, v VARCHAR(20))',
    "INSERT INTO same VALUES (1, 'a'), (2, 'b'), (3, 'c')",
  );
});

afterAll(() => servers.close());

const names = sessionVariables(sqlServer('destination').flavour === 'mariadb' ? 'mariaDb' : 'mysql', 1000)
  .map(({ name }) => name)
  .filter((name) => SPOILED[name] !== undefined);

it('as long as nothing is spoiled the tables match', async () => {
  const { end } = await findDifferences(servers, await servers.plan('same'));
  expect(end).toMatchObject({ outcome: 'match' });
});

it.each(names)('with %s spoiled in the sessions of one side nothing is said of the tables', async (name) => {
  const plan = await servers.plan('same');
  const { target } = servers.pools;
  const sessions = await Promise.all([target.take(), target.take(), target.take(), target.take()]);
  for (const session of sessions) {
    await session.query(`SET SESSION ${name} = ${SPOILED[name]}`, noSignal);
    await target.release(session);
  }
  await expect(findDifferences(servers, plan)).rejects.toMatchObject({ code: 'SESSION_NOT_AS_ASKED' });
});
