// A database is not compared with itself, under any name of its address.
import { connect, startTcpProxy } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestShop, testShop } from '../testing/testShop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await testShop();
  for (const { server, name } of Object.values(shop.databases)) {
    const connection = await connect(server, name);
    await connection.query('CREATE TABLE orders_new AS SELECT * FROM orders');
    await connection.query('ALTER TABLE orders_new ADD PRIMARY KEY (id)');
    await connection.end();
  }
});
afterAll(() => shop?.[Symbol.asyncDispose]());

/** The source once more, by another address. */
async function elsewhere() {
  const { url, server } = shop.databases.source;
  const proxy = await startTcpProxy({ host: server.host, port: server.port });
  const other = new URL(url);
  other.hostname = 'localhost';
  other.port = String(proxy.port);
  return { proxy, url: other.href };
}

test('the same database by another host and port is refused before anything is compared, unless it is allowed', async () => {
  const { proxy, url } = await elsewhere();
  await using cli = await shop.cli({ ROWPARITY_CONNECTION_DESTINATION: url });
  const args = ['check', '--tables', '*', '--report', 'report.json', '--certificate', 'run.ndjson'];
  const end = await cli.run([...args, '--quiet']);
  expect(end).toMatchObject({ code: 2, stdout: '' });
  expect(end.stderr).toContain('SAME_DATABASE');
  expect(await cli.report('report.json')).toMatchObject({
    verdict: 'inconclusive',
    counts: { rowsBase: 0, rowsTarget: 0 },
    failures: [{ code: 'SAME_DATABASE' }],
  });
  expect((await cli.run(['check', '--tables', 'orders', '--explain'])).code).toBe(2);

  const allowed = await cli.run([...args, '--allow-same']);
  expect(allowed).toMatchObject({ code: 0 });
  expect(allowed.stderr).toContain('nothing is proved');
  expect((await cli.report('report.json')).notes.map(({ code }) => code)).toContain('SAME_DATABASE_ALLOWED');
  const verified = await cli.run(['certificate', 'verify', 'run.ndjson']);
  expect(verified.stdout).toContain('that two databases were compared');
  await proxy.close();
});

test('other tables of one database are compared; one table among them that is its own partner is refused', async () => {
  const { proxy, url } = await elsewhere();
  await using cli = await shop.cli({ ROWPARITY_CONNECTION_DESTINATION: url });
  const mapped = ['check', '--map', 'orders=orders_new', '--tables'];
  expect(await cli.run([...mapped, 'orders'])).toMatchObject({ code: 0 });
  const both = await cli.run([...mapped, 'orders,customers']);
  expect(both).toMatchObject({ code: 2 });
  expect(both.stderr).toMatch(/SAME_DATABASE.* themselves: customers\./);
  await proxy.close();
});

test('databases of one name on two servers are two', async () => {
  const { source, destination } = shop.databases;
  await using cli = await shop.cli();
  expect(source.name).toBe(destination.name);
  expect(await cli.run(['check', '--tables', 'orders'])).toMatchObject({ code: 0 });
});
