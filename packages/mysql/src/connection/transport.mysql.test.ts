import { setTimeout as sleep } from 'node:timers/promises';
import { connect, databaseUrl } from '@rowparity/testkit';
import { sqlServer } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqlRowReader } from '../rows/sqlRowReader.ts';
import { EVERYTHING, keysOf, noSignal, type TestServers, testServers } from '../testing/tablePair.ts';
import { connectionUrl } from './connectionUrl.ts';
import { SessionPool } from './sessionPool.ts';

const ROWS = 20_000;

let servers: TestServers;
let hasTls = false;

beforeAll(async () => {
  servers = await testServers();
  const values = Array.from({ length: ROWS }, (_, i) => `(${i}, REPEAT(CHAR(65 + ${i} % 26), 100))`).join(
    ',',
  );
  await servers.runBoth(
    'CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(120))',
    `INSERT INTO t VALUES ${values}`,
  );
  const connection = await connect(sqlServer('source'));
  const [rows] = await connection.query("SHOW VARIABLES LIKE 'have_ssl'");
  const [version] = await connection.query("SHOW STATUS LIKE 'Ssl_server_not_after'");
  hasTls = JSON.stringify(rows).includes('YES') || JSON.stringify(version).includes('GMT');
  await connection.end();
});

afterAll(() => servers.close());

/** Rows that two pages and one stream bring. */
async function readAll(parameters: string) {
  const url = `${databaseUrl(sqlServer('source'), servers.databases.base.name)}&${parameters}`;
  const pool = new SessionPool(connectionUrl.parse(url), { ref: 'base', idleMax: 1 });
  const reader = new SqlRowReader(pool, await servers.plan('t'), 'base');
  try {
    const first = await reader.readPage(EVERYTHING, { rows: 15_000, bytes: 1e8 }, noSignal);
    const rest = await reader.readPage(
      { after: first.layout.keyAt(first, first.rows - 1), upTo: null },
      { rows: 15_000, bytes: 1e8 },
      noSignal,
    );
    const paged = keysOf(first).length + keysOf(rest).length;
    return { paged, streamed: await streamAll(reader) };
  } finally {
    await reader.close();
    await pool.close();
  }
}

/** Takes the pages slowly, so that the stream has to pause. */
async function streamAll(reader: SqlRowReader): Promise<number> {
  const stream = reader.stream(EVERYTHING, { rows: 1e6, page: { rows: 2000, bytes: 1e6 } }, noSignal);
  for (let position = 0; ; ) {
    const page = await stream.page();
    expect(page.rows).toBeLessThanOrEqual(2000);
    for (const [i, key] of keysOf(page).entries()) expect(key).toEqual([String(position + i)]);
    stream.take(page.rows);
    position += page.rows;
    if (page.isComplete) return position;
    await sleep(2);
  }
}

const ALL = { paged: ROWS, streamed: ROWS };

it('rows come whole through a plain connection', async () => {
  expect(await readAll('')).toEqual(ALL);
});

it.each(['true', 'zlib', 'auto'])('rows come whole with compress=%s', async (word) => {
  expect(await readAll(`compress=${word}`)).toEqual(ALL);
});

it('rows come whole through zstd, or a server without it is refused by name', async () => {
  const reading = readAll('compress=zstd');
  if (sqlServer('source').flavour === 'mysql') expect(await reading).toEqual(ALL);
  else {
    await expect(reading).rejects.toMatchObject({
      code: 'SESSION_NOT_AS_ASKED',
      message: expect.stringContaining('the server offers only zlib'),
    });
  }
});

describe('TLS', () => {
  it('rows come whole through TLS, with compression too', async ({ skip }) => {
    if (!hasTls) return skip('this server was built or started without TLS');
    expect(await readAll('tls=unverified')).toEqual(ALL);
    expect(await readAll('tls=unverified&compress=true')).toEqual(ALL);
    expect(await readAll('tls=unverified&compress=zlib')).toEqual(ALL);
  });

  it('a certificate of an unknown authority is refused by name', async ({ skip }) => {
    if (!hasTls) return skip('this server was built or started without TLS');
    await expect(readAll('tls=verify')).rejects.toMatchObject({
      code: 'TLS_REFUSED',
      class: 'configuration',
    });
  });

  it('a server without TLS is refused by name when TLS is asked for', async ({ skip }) => {
    if (hasTls) return skip('this server has TLS');
    await expect(readAll('tls=verify')).rejects.toMatchObject({
      code: 'TLS_REFUSED',
      class: 'configuration',
    });
  });
});
