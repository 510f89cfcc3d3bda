import { connect, startTcpProxy, type TcpProxy } from '@rowparity/testkit';
import { sqlServer } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SqlRowReader } from '../rows/sqlRowReader.ts';
import { EVERYTHING, noSignal, type TestServers, testServers } from '../testing/tablePair.ts';
import { connectionUrl } from './connectionUrl.ts';
import { SessionPool } from './sessionPool.ts';

/** 40 Mbit/s */
const SLOW_BYTES_PER_SECOND = 5e6;
const BEST = sqlServer('source').flavour === 'mysql' ? 'zstd' : 'zlib';

let servers: TestServers;
let proxy: TcpProxy;

beforeAll(async () => {
  servers = await testServers();
  proxy = await startTcpProxy(servers.databases.base.server);
  const values = Array.from({ length: 5000 }, (_, i) => `(${i}, REPEAT('x', 200))`).join(',');
  await servers.runBoth(
    'CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(255))',
    `INSERT INTO t VALUES ${values}`,
  );
});

afterAll(async () => {
  await proxy.close();
  await servers.close();
});

function poolThrough({ host, port }: { readonly host: string; readonly port: number }, compress = 'auto') {
  const url = new URL(servers.databases.base.url);
  url.host = `${host}:${port}`;
  url.searchParams.set('compress', compress);
  return new SessionPool(connectionUrl.parse(url.href), { ref: 'base', idleMax: 1 });
}

async function compressionOf(pool: SessionPool): Promise<unknown> {
  const session = await pool.take();
  const [row] = await session.query("SHOW STATUS LIKE 'Compression'", noSignal);
  await pool.release(session);
  return row?.Value;
}

it('over a slow link sessions are compressed, and rows come whole', async () => {
  proxy.set({ kind: 'throttled', bytesPerSecond: SLOW_BYTES_PER_SECOND });
  const pool = poolThrough(proxy);
  expect(await compressionOf(pool)).toBe('ON');
  expect(pool.places.link.choice).toMatchObject({ use: BEST });
  const reader = new SqlRowReader(pool, await servers.plan('t'), 'base');
  expect((await reader.readPage(EVERYTHING, { rows: 10_000, bytes: 1e8 }, noSignal)).rows).toBe(5000);
  await reader.close();
  await pool.close();
});

it('a link that is far and fast is not taken for a slow one', async () => {
  proxy.set({ kind: 'latency', ms: 5 });
  const pool = poolThrough(proxy);
  expect(await compressionOf(pool)).toBe('OFF');
  await pool.close();
});

it('to a server of this machine sessions are plain, unless compression is asked for', async () => {
  const { server } = servers.databases.base;
  const [auto, on] = [poolThrough(server), poolThrough(server, 'true')];
  expect(await compressionOf(auto)).toBe('OFF');
  expect(auto.places.link.choice?.why).toMatch(/^round trip .* not compressed/);
  expect(await compressionOf(on)).toBe('ON');
  await Promise.all([auto.close(), on.close()]);
});

it('a session that measured leaves no connection behind', async () => {
  proxy.set({ kind: 'throttled', bytesPerSecond: SLOW_BYTES_PER_SECOND });
  const pool = poolThrough(proxy);
  const session = await pool.take();
  await expect.poll(() => proxy.connections).toBe(1);
  await pool.release(session);
  await pool.close();
  await expect.poll(() => proxy.connections).toBe(0);
});

it('with one connection for the user a slow link is measured too', async () => {
  const admin = await connect(servers.databases.base.server);
  const { name } = servers.databases.base;
  await admin.query("CREATE USER 'single'@'%' IDENTIFIED BY 'p' WITH MAX_USER_CONNECTIONS 1");
  await admin.query(`GRANT SELECT ON ${name}.* TO 'single'@'%'`);
  proxy.set({ kind: 'throttled', bytesPerSecond: SLOW_BYTES_PER_SECOND });
  const url = `mysql://single:p@${proxy.host}:${proxy.port}/${name}?allowPublicKeyRetrieval=true`;
  const pool = new SessionPool(connectionUrl.parse(url), { ref: 'base', idleMax: 1 });
  try {
    expect(await compressionOf(pool)).toBe('ON');
  } finally {
    await pool.close();
    await admin.query("DROP USER 'single'@'%'");
    await admin.end();
  }
});
