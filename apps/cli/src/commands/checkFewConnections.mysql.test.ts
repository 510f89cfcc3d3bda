/** A server that allows few connections, or few prepared statements, is compared with those. */
import { connect, createDatabase, databaseUrl, type SqlAddress, uniqueName } from '@rowparity/testkit';
import { type FreshDatabase, freshDatabases } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testCli } from '../testing/testCli.ts';

const TABLES = 12;
/** Many in the middle of a stream, and more than a stream has where connections are few. */
const ROWS = 25_000;
const EVERY = 500;

interface Fixture {
  readonly source: FreshDatabase;
  readonly destination: FreshDatabase;
  /** The destination once more, on the source's server. */
  readonly beside: string;
}

let fixture: Fixture;
const users: string[] = [];

beforeAll(async () => {
  const { source, destination } = await freshDatabases();
  const other = uniqueName('beside');
  await createDatabase(source.server, other);
  fixture = { source, destination, beside: other };
  await fill(source.server, source.name, 0);
  await fill(destination.server, destination.name, 1);
  await fill(source.server, other, 1);
});

afterAll(async () => {
  const { source, destination, beside } = fixture;
  const admin = await connect(source.server);
  for (const user of users) await admin.query(`DROP USER '${user}'@'%'`);
  await admin.query(`DROP DATABASE ${beside}`);
  await admin.end();
  await Promise.all([source.drop(), destination.drop()]);
});

/** `add` makes the rows that differ: one of each small table, and many of the large one. */
async function fill(server: SqlAddress, name: string, add: number): Promise<void> {
  const connection = await connect(server, name);
  for (let i = 0; i < TABLES; i += 1) {
    await connection.query(`CREATE TABLE m${i} (id INT PRIMARY KEY, v INT)`);
    await connection.query(`INSERT INTO m${i} VALUES (1, 1), (2, ${2 + add})`);
  }
  await connection.query('CREATE TABLE large (id INT PRIMARY KEY, v INT, w VARCHAR(200))');
  for (let first = 0; first < ROWS; first += 5000) {
    const rows = Array.from({ length: 5000 }, (_, i) => first + i);
    const text = 'x'.repeat(200);
    const values = rows.map((id) => [id, id % EVERY === 0 ? add : 0, text]);
    await connection.query('INSERT INTO large VALUES ?', [values]);
  }
  await connection.end();
}

/** The address of a database for a user of the source's server with this many connections. */
async function limitedUser(connections: number, more = ''): Promise<(database: string) => string> {
  const { server } = fixture.source;
  const user = uniqueName('few').slice(0, 30);
  const admin = await connect(server);
  await admin.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'u1'`);
  const limit = `WITH MAX_USER_CONNECTIONS ${connections} ${more}`;
  const isMariaDb = server.flavour === 'mariadb';
  await admin.query(
    isMariaDb ? `GRANT USAGE ON *.* TO '${user}'@'%' ${limit}` : `ALTER USER '${user}'@'%' ${limit}`,
  );
  await admin.query(`GRANT SELECT ON *.* TO '${user}'@'%'`);
  await admin.end();
  users.push(user);
  return (database) => {
    const url = new URL(databaseUrl(server, database));
    url.username = user;
    url.password = 'u1';
    return url.href;
  };
}

async function check(source: string, destination: string) {
  await using cli = await testCli({
    ROWPARITY_CONNECTION_SOURCE: source,
    ROWPARITY_CONNECTION_DESTINATION: destination,
  });
  const args = ['check', '--tables', '*', '--recheck-delays', '0,100', '--report', 'report.json'];
  const end = await cli.run([...args, '--quiet']);
  return { end, report: await cli.report('report.json') };
}

const ALL_FOUND = {
  verdict: 'inconsistent',
  complete: true,
  counts: { neq: TABLES + ROWS / EVERY, targetMissing: 0, baseMissing: 0, unstable: 0 },
};

test.each([3, 2, 1])('with %i connections on the source every table is compared', async (connections) => {
  const url = await limitedUser(connections);
  const { end, report } = await check(url(fixture.source.name), fixture.destination.url);
  expect(end.code).toBe(1);
  expect(report).toMatchObject(ALL_FOUND);
});

test.each([3, 2])('with %i connections for both databases every table is compared', async (connections) => {
  const url = await limitedUser(connections);
  const { end, report } = await check(url(fixture.source.name), url(fixture.beside));
  expect(end.code).toBe(1);
  expect(report).toMatchObject(ALL_FOUND);
});

test('one connection for both databases is too few, and the message says what to raise', async () => {
  const url = await limitedUser(1);
  const { end, report } = await check(url(fixture.source.name), url(fixture.beside));
  expect(end.code).toBe(3);
  expect(report).toMatchObject({ verdict: 'inconclusive' });
  expect(JSON.stringify(report.failures)).toContain('MAX_USER_CONNECTIONS');
});

test.each([3, 4])('of five connections other programs hold %i: every table is compared', async (held) => {
  const url = await limitedUser(5);
  const { hostname, port, username } = new URL(url(fixture.source.name));
  const account = {
    ...fixture.source.server,
    host: hostname,
    port: Number(port),
    user: username,
    password: 'u1',
  };
  const others = await Promise.all(Array.from({ length: held }, () => connect(account)));
  const { end, report } = await check(url(fixture.source.name), fixture.destination.url);
  await Promise.all(others.map((other) => other.end()));
  expect(end.code).toBe(1);
  expect(report).toMatchObject(ALL_FOUND);
});

test('a limit of queries an hour ends the run at once, by its name and value', async () => {
  const url = await limitedUser(0, 'MAX_QUERIES_PER_HOUR 20');
  await using cli = await testCli({
    ROWPARITY_CONNECTION_SOURCE: url(fixture.source.name),
    ROWPARITY_CONNECTION_DESTINATION: fixture.destination.url,
  });
  const end = await cli.run(['check', '--tables', '*', '--quiet']);
  expect(end.code).not.toBe(0);
  expect(end.stderr).toContain('MAX_QUERIES_PER_HOUR of 20');
});
