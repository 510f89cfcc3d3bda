import type { TablePlan } from '@rowparity/contracts';
import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVERYTHING, noSignal, type TestServers, testServers } from '../testing/tablePair.ts';

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
});

afterAll(() => servers.close());

async function digestsOf(plan: TablePlan): Promise<readonly [string, string]> {
  const { base, target } = servers.readers(plan);
  const digests = [await base.digest(EVERYTHING, noSignal), await target.digest(EVERYTHING, noSignal)];
  await Promise.all([base.close(), target.close()]);
  return digests.map(({ digest }) => digest) as [string, string];
}

/** Bytes that the server puts into one text. */
async function packetMax(): Promise<number> {
  const { server, name } = servers.databases.base;
  const connection = await connect(server, name);
  const [[row]] = (await connection.query('SELECT @@max_allowed_packet AS bytes')) as unknown as [
    { readonly bytes: number }[],
  ];
  await connection.end();
  return Number(row?.bytes);
}

it.each([
  ['LONGBLOB', 'as hex'],
  ['LONGTEXT CHARACTER SET latin1', 'in utf8mb4'],
])('a %s that %s is longer than a packet is not taken for NULL, nor for another one', async (type) => {
  const table = `wide_${type.slice(4, 8)}`;
  const bytes = Math.floor((await packetMax()) * 0.55);
  // The server makes the values when it is asked for them, so nothing long is stored.
  await servers.runBoth(
    `CREATE TABLE ${table} (id INT PRIMARY KEY, c CHAR(1) CHARACTER SET latin1, v ${type} AS (REPEAT(c, ${bytes})) VIRTUAL)`,
  );
  const plan = await servers.plan(table);
  const long = { ...plan, columns: plan.columns.filter(({ names }) => names.base !== 'c') };
  for (const [base, target] of [
    ["'é'", "'è'"],
    ["'é'", 'NULL'],
  ]) {
    await servers.run('base', `REPLACE INTO ${table} (id, c) VALUES (1, ${base})`);
    await servers.run('target', `REPLACE INTO ${table} (id, c) VALUES (1, ${target})`);
    const [ofBase, ofTarget] = await digestsOf(long);
    expect(ofBase).not.toBe(ofTarget);
  }
});
