import { connect, otherSessions } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVERYTHING, keysOf, noSignal, type TestServers, testServers } from '../testing/tablePair.ts';
import { PageBuffer } from './pageBuffer.ts';
import { ONE_BLOB } from './testing/resultSet.ts';

// Pins what is relied on in mysql2: when one of these fails after an upgrade, read rawExecute.ts first.

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
  const values = Array.from({ length: 20_000 }, (_, i) => `(${i}, REPEAT('x', 200))`).join(',');
  await servers.runBoth(
    'CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(255))',
    `INSERT INTO t VALUES ${values}`,
  );
});

afterAll(() => servers.close());

function freshPage(columns = 2): PageBuffer {
  const page = new PageBuffer();
  page.reset(1e9, { ...ONE_BLOB, columns });
  return page;
}

it('the connection is in normal use before, between and after raw reads', async () => {
  const session = await servers.pools.base.take();
  for (let i = 0; i < 3; i += 1) {
    expect(await session.query("SELECT 'one' AS it", noSignal)).toEqual([{ it: 'one' }]);
    const page = freshPage();
    await session.readRows(
      {
        sql: 'SELECT id, v FROM t WHERE id < ? ORDER BY id',
        parameters: [{ kind: 'integer', text: '5000' }],
      },
      page,
      noSignal,
    );
    expect(page.rows).toBe(5000);
  }
  expect(await session.query("SELECT 'ok' AS it", noSignal)).toEqual([{ it: 'ok' }]);
  await servers.pools.base.release(session);
});

it('commands that are queued behind a raw read run after it', async () => {
  const session = await servers.pools.base.take();
  const page = freshPage();
  const [, two] = await Promise.all([
    session.readRows({ sql: 'SELECT id, v FROM t ORDER BY id', parameters: [] }, page, noSignal),
    session.query("SELECT 'two' AS it", noSignal),
  ]);
  expect([page.rows, two]).toEqual([20_000, [{ it: 'two' }]]);
  await servers.pools.base.release(session);
});

it('an error of the server is a fault and leaves the connection usable', async () => {
  const session = await servers.pools.base.take();
  await expect(
    session.readRows({ sql: 'SELECT id FROM nowhere', parameters: [] }, freshPage(1), noSignal),
  ).rejects.toMatchObject({
    code: 'SCHEMA_CHANGED',
  });
  await expect(
    session.readRows(
      { sql: 'SELECT (SELECT id FROM t WHERE id < ?) AS two', parameters: [{ kind: 'integer', text: '9' }] },
      freshPage(1),
      noSignal,
    ),
  ).rejects.toMatchObject({ code: 'STATEMENT_FAILED' });
  expect(await session.query("SELECT 'one' AS it", noSignal)).toEqual([{ it: 'one' }]);
  await servers.pools.base.release(session);
});

it('a row over 16 MiB comes as one row', async () => {
  const length = 17 * 1024 * 1024;
  const { server, name } = servers.databases.base;
  const admin = await connect(server);
  await admin.query('SET GLOBAL max_allowed_packet = 67108864');
  const connection = await connect(server, name);
  await connection.query('CREATE TABLE big_rows (id INT PRIMARY KEY, v LONGBLOB)');
  await connection.query(`INSERT INTO big_rows VALUES (1, 'a'), (2, REPEAT('b', ${length})), (3, 'c')`);
  await Promise.all([admin.end(), connection.end()]);
  await servers.run('target', 'CREATE TABLE big_rows (id INT PRIMARY KEY, v LONGBLOB)');
  const { base } = servers.readers(await servers.plan('big_rows'));
  const page = await base.readPage(EVERYTHING, { rows: 10, bytes: 1e8 }, noSignal);
  expect(keysOf(page)).toEqual([['1'], ['2'], ['3']]);
  expect(page.layout.valuesAt(page, 1)[1]?.length).toBe(length);
  await base.close();
});

it.each([
  ['KILL QUERY', 'STATEMENT_KILLED'],
  ['KILL', 'CONNECTION_LOST'],
] as const)('%s in mid-page is the transient fault %s, never an end of rows', async (kill, code) => {
  const session = await servers.pools.base.take();
  const [me] = await session.query('SELECT CONNECTION_ID() AS id', noSignal);
  const admin = await connect(servers.databases.base.server);
  // A cross join that sends rows for many seconds.
  const reading = session.readRows(
    { sql: 'SELECT a.id, b.v FROM t a, t b', parameters: [] },
    freshPage(),
    noSignal,
  );
  const isRunning = async () =>
    (await otherSessions(admin)).some(({ id, command }) => id === String(me?.id) && command === 'Execute');
  const killed = expect
    .poll(isRunning, { timeout: 20_000 })
    .toBe(true)
    .then(() => admin.query(`${kill} ${String(me?.id)}`));
  await expect(reading).rejects.toMatchObject({ code, class: 'transient' });
  await killed;
  await admin.end();
  expect(session.isUsable).toBe(kill === 'KILL QUERY');
  if (session.isUsable) expect(await session.query("SELECT 'one' AS it", noSignal)).toEqual([{ it: 'one' }]);
  session.destroy();
});

it('an abort ends the reading with its reason and the connection with it', async () => {
  const session = await servers.pools.base.take();
  const stop = new AbortController();
  const reading = session.readRows(
    { sql: 'SELECT a.id, b.v FROM t a, t b', parameters: [] },
    freshPage(),
    stop.signal,
  );
  setTimeout(() => stop.abort(new Error('draining')), 100);
  await expect(reading).rejects.toThrow('draining');
  expect(session.isUsable).toBe(false);
});

it('a row beyond its limit is ROW_TOO_LARGE and ends the connection, also if the server allows more', async () => {
  const session = await servers.pools.base.take();
  const page = freshPage(1);
  page.reset(1e9, { ...ONE_BLOB, rowBytesMax: 1e6 });
  const reading = session.readRows(
    { sql: "SELECT REPEAT('x', 2000000) AS v", parameters: [] },
    page,
    noSignal,
  );
  await expect(reading).rejects.toMatchObject({ code: 'ROW_TOO_LARGE', class: 'permanent' });
  expect(session.isUsable).toBe(false);
});

it('nothing comes behind the rows of a real server: a ping is answered in turn', async () => {
  const session = await servers.pools.base.take();
  for (let i = 0; i < 3; i += 1) {
    await session.readRows(
      { sql: 'SELECT id, v FROM t WHERE id < 9', parameters: [] },
      freshPage(),
      noSignal,
    );
    await session.verify();
  }
  expect(await session.query("SELECT 'one' AS it", noSignal)).toEqual([{ it: 'one' }]);
  await servers.pools.base.release(session);
});
