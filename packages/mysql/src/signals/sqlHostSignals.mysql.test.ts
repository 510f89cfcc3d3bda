import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostLimits } from '@rowparity/contracts';
import { connect, otherSessions } from '@rowparity/testkit';
import { type FreshDatabase, freshDatabase, sqlServer } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { connectionUrl } from '../connection/connectionUrl.ts';
import { openConnections } from '../connection/openConnections.ts';
import { noSignal } from '../testing/tablePair.ts';
import { SqlHostSignals } from './sqlHostSignals.ts';

let database: FreshDatabase;
let connections: ReturnType<typeof openConnections>;
let signals: SqlHostSignals;
let admin: Awaited<ReturnType<typeof connect>>;

beforeAll(async () => {
  database = await freshDatabase('source');
  admin = await connect(sqlServer('source'), database.name);
  const user = `few_${database.name}`.slice(0, 32);
  await admin.query('CREATE TABLE freeze (id INT PRIMARY KEY)');
  await admin.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'x1'`);
  await admin.query(`GRANT SELECT ON \`${database.name}\`.* TO '${user}'@'%'`);
  const url = new URL(database.url);
  url.username = user;
  url.password = 'x1';
  const targets = new Map([
    ['SOURCE', connectionUrl.parse(String(url))],
    ['AWAY', connectionUrl.parse('mysql://u:p@127.0.0.1:1/x')],
  ]);
  connections = openConnections(targets, { idleMax: 2 });
  signals = new SqlHostSignals({ openSession: connections.session });
});

afterAll(async () => {
  await signals.close();
  await connections.close();
  await admin.end();
  await database.drop();
});

const read = (limits: HostLimits, connection = 'source') =>
  signals.read({ id: connection, name: connection, connection, limits }, noSignal);

it('a user with SELECT on one schema reads status variables, in whatever case they are named', async () => {
  const { load, problem } = await read({
    maxLoad: [
      { variable: 'Threads_running', max: 1 },
      { variable: 'threads_CONNECTED', max: 1 },
      { variable: 'No_such_thing', max: 1 },
    ],
  });
  expect(problem).toBeUndefined();
  expect(load?.get('Threads_running')).toBeGreaterThan(0);
  expect(load?.get('threads_CONNECTED')).toBeGreaterThan(0);
  expect(load?.has('No_such_thing')).toBe(false);
});

it('Threads_running counts what others run', async () => {
  // Other tests may run statements on this server: they only add.
  const others = await Promise.all(Array.from({ length: 12 }, () => connect(sqlServer('source'))));
  const sleeping = others.map((other) => other.query('SELECT SLEEP(30)').catch(() => undefined));
  await vi.waitFor(
    async () => {
      const { load } = await read({ maxLoad: [{ variable: 'Threads_running', max: 1 }] });
      expect(load?.get('Threads_running')).toBeGreaterThan(others.length);
    },
    { timeout: 30_000 },
  );
  for (const other of others) other.destroy();
  await Promise.all(sleeping);
});

it('the throttle query gives a number, true or false; anything else is a problem', async () => {
  expect(await read({ throttleQuery: 'SELECT COUNT(*) FROM freeze' })).toMatchObject({ query: 0 });
  await admin.query('INSERT INTO freeze VALUES (1), (2)');
  expect(await read({ throttleQuery: 'SELECT COUNT(*) FROM freeze' })).toMatchObject({ query: 2 });
  expect(await read({ throttleQuery: "SELECT 'true'" })).toMatchObject({ query: 1 });
  for (const sql of ['SELECT NULL', "SELECT 'soon'", 'SELECT id FROM freeze WHERE id > 9']) {
    expect((await read({ throttleQuery: sql })).problem).toContain('the throttle query gave no number');
  }
  expect((await read({ throttleQuery: 'SELECT nothing FROM freeze' })).problem).toContain('nothing');
});

it('a query that takes long is ended, and the next look has a session again', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `information_schema.COLLATIONS ${name}`);
  expect((await read({ throttleQuery: `SELECT COUNT(*) FROM ${names.join(', ')}` })).problem).toBeDefined();
  expect(await read({ throttleQuery: 'SELECT 0' })).toMatchObject({ query: 0 });
});

it('the lag comes from a query, or from a status that this user may not see', async () => {
  expect(await read({ maxLagSeconds: 5, lagQuery: 'SELECT 7' })).toMatchObject({ lagSeconds: 7 });
  expect((await read({ maxLagSeconds: 5 })).problem).toMatch(/denied|privilege/i);
});

it('a server that is away is a problem, in words', async () => {
  expect((await read({ throttleQuery: 'SELECT 0' }, 'away')).problem).toContain('127.0.0.1:1');
});

it('a pause file pauses while it exists, also of a server that cannot be asked', async () => {
  const pauseFile = join(tmpdir(), `${database.name}.pause`);
  expect(await read({ pauseFile })).toEqual({ flag: undefined });
  await writeFile(pauseFile, '');
  try {
    expect((await read({ pauseFile })).flag).toContain(pauseFile);
    expect((await read({ pauseFile, throttleQuery: 'SELECT 0' }, 'away')).flag).toContain(pauseFile);
  } finally {
    await rm(pauseFile);
  }
});

it('a server that is not asked any more loses its session, and idle sessions of a pool end, too', async () => {
  const ours = async () => {
    const name = `few_${database.name}`.slice(0, 32);
    return (await otherSessions(admin)).filter(({ user }) => user === name).length;
  };
  await read({ maxLoad: [{ variable: 'Threads_running', max: 1 }] });
  const pool = connections.pool('source');
  const session = await pool.take();
  expect(await ours()).toBeGreaterThan(0);
  await pool.release(session);
  await vi.waitFor(async () => expect(await ours()).toBe(0), { timeout: 30_000 });
  // Both are opened again when they are wanted.
  expect((await read({ maxLoad: [{ variable: 'Threads_running', max: 1 }] })).problem).toBeUndefined();
  await pool.release(await pool.take());
});
