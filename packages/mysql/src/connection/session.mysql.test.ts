import { type AddressInfo, createConnection, createServer } from 'node:net';
import { connect, databaseUrl, startTcpProxy } from '@rowparity/testkit';
import { type FreshDatabase, freshDatabase, sqlServer } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noSignal } from '../testing/tablePair.ts';
import { connectionUrl } from './connectionUrl.ts';
import { Session } from './session.ts';

let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase('source');
});

afterAll(() => database.drop());

function open(url: string) {
  return Session.open(connectionUrl.parse(url), 'source');
}

it('sessions are in UTC, read text as it is stored, and are read only, on a server with any settings', async () => {
  const session = await open(database.url);
  const [row] = await session.query(
    'SELECT @@session.time_zone AS zone, @@character_set_results AS charset, @@session.sql_mode AS mode',
    noSignal,
  );
  expect(row).toEqual({
    zone: '+00:00',
    charset: null,
    mode: 'STRICT_TRANS_TABLES,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION',
  });
  await expect(session.query('CREATE TABLE written (id INT)', noSignal)).rejects.toMatchObject({
    class: 'permanent',
  });
  await session.end();
});

it('a wrong password is named as such, and shows no password', async () => {
  const url = new URL(database.url);
  url.password = 'SecretGuess';
  const error = await open(String(url)).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ class: 'configuration', code: 'ACCESS_DENIED' });
  expect(String(error)).not.toContain('SecretGuess');
});

it('an unknown database, and a server that is not there, are named as such', async () => {
  await expect(open(databaseUrl(sqlServer('source'), 'no_such_db'))).rejects.toMatchObject({
    code: 'DATABASE_UNKNOWN',
  });
  await expect(open('mysql://u:p@127.0.0.1:1/x')).rejects.toMatchObject({
    code: 'SERVER_UNREACHABLE',
    class: 'transient',
  });
});

it('a user without SELECT is refused by name', async () => {
  const admin = await connect(sqlServer('source'), database.name);
  await admin.query("CREATE USER IF NOT EXISTS 'blind'@'%' IDENTIFIED BY 'x1'");
  await admin.query('CREATE TABLE hidden (id INT PRIMARY KEY)');
  await admin.query('CREATE TABLE shown (id INT PRIMARY KEY)');
  await admin.query(`GRANT SELECT ON \`${database.name}\`.shown TO 'blind'@'%'`);
  const url = new URL(database.url);
  url.username = 'blind';
  url.password = 'x1';
  const session = await open(String(url));
  await expect(session.query('SELECT * FROM hidden', noSignal)).rejects.toMatchObject({
    code: 'ACCESS_DENIED',
  });
  expect(await session.query('SELECT * FROM shown', noSignal)).toEqual([]);
  await session.end();
  await admin.query("DROP USER 'blind'@'%'");
  await admin.end();
});

it('a statement beyond its time is the transient fault STATEMENT_TIMEOUT, and the session stays usable', async () => {
  // The server has half of this time to answer before the session is given up as silent.
  const session = await open(`${database.url}&statementMs=4000`);
  const many = ['a', 'b', 'c', 'd', 'e'].map((name) => `information_schema.COLLATIONS ${name}`).join(', ');
  const endless = session.query(`SELECT COUNT(*) FROM ${many} WHERE RAND() > 2`, noSignal);
  await expect(endless).rejects.toMatchObject({ class: 'transient', code: 'STATEMENT_TIMEOUT' });
  expect(await session.query("SELECT 'on' AS goes", noSignal)).toEqual([{ goes: 'on' }]);
  await session.end();
});

/** A server that falls silent behind its so-manieth packet to the client. */
async function silentBehind(packets: number) {
  const { host, port } = sqlServer('source');
  const server = createServer((client) => {
    const upstream = createConnection(port, host);
    let seen = 0;
    client.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => {
      seen += 1;
      if (seen <= packets) client.write(bytes);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => undefined).on('close', () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(database.url);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: String(url), close: () => new Promise((resolve) => server.close(resolve)) };
}

it('a server that falls silent while a connection is set up is given up, after any number of answers', async () => {
  // The greeting, the login, the answers to the questions behind it.
  await Promise.all(
    [0, 1, 2, 3, 4].map(async (packets) => {
      const server = await silentBehind(packets);
      await expect(open(server.url)).rejects.toMatchObject({ class: 'transient' });
      await server.close();
    }),
  );
});

it('a connection that is dead is ended all the same', async () => {
  const { host, port } = sqlServer('source');
  const link = await startTcpProxy({ host, port });
  const url = new URL(database.url);
  url.host = `${link.host}:${link.port}`;
  const session = await open(String(url));
  link.set({ kind: 'silent' });
  await session.end();
  expect(session.isUsable).toBe(false);
  await link.close();
});

it('a connection that died silently is given up after one and a half times its limit', async () => {
  const { host, port } = sqlServer('source');
  const link = await startTcpProxy({ host, port });
  const url = new URL(`${database.url}&statementMs=1000`);
  url.host = `${link.host}:${link.port}`;
  const session = await open(String(url));
  link.set({ kind: 'silent' });
  await expect(session.query('SELECT 1', noSignal)).rejects.toMatchObject({
    class: 'transient',
    code: 'CONNECTION_LOST',
  });
  expect(session.isUsable).toBe(false);
  await link.close();
});
