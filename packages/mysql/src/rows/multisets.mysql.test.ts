/** Tables whose rows cannot be read in the order of a key are compared as multisets of rows. */
import type { InconsistentEvent } from '@rowparity/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COLUMN_CASES } from '../testing/corruption/columnCases.ts';
import { isKnownTo } from '../testing/corruption/isKnownTo.ts';
import { plantCase } from '../testing/corruption/plantCase.ts';
import { findDifferences } from '../testing/findDifferences.ts';
import { EVERYTHING, noSignal, type TestServers, testServers } from '../testing/tablePair.ts';

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
});

afterAll(() => servers.close());

const tell = ({ Type, Key, Rows, RowDigest }: InconsistentEvent) =>
  Key ? `${Type} ${Object.values(Key).join('/')}` : `${Type} ${Rows} ${RowDigest?.length}`;

async function found(table: string, delaysMs = [1, 1]) {
  const { events, counts, end } = await findDifferences(servers, await servers.plan(table), { delaysMs });
  const { targetMissing, neq, baseMissing, converged, planted, caught } = counts;
  expect(planted).toBeGreaterThan(0);
  expect(caught).toBe(planted);
  return { told: events.map(tell).sort(), counts: { targetMissing, neq, baseMissing, converged }, end };
}

it('equal tables match, for any order of their rows and however often each is there', async () => {
  await servers.runBoth('CREATE TABLE same (a INT, b VARCHAR(20))');
  await servers.run(
    'base',
    "INSERT INTO same VALUES (1,'x'),(1,'x'),(2,NULL),(NULL,NULL),(NULL,NULL),(3,'')",
  );
  await servers.run(
    'target',
    "INSERT INTO same VALUES (3,''),(NULL,NULL),(1,'x'),(2,NULL),(1,'x'),(NULL,NULL)",
  );
  const { told, end } = await found('same');
  expect([told, end]).toMatchObject([[], { outcome: 'match' }]);
});

it('rows that one side has more often are counted, in both directions', async () => {
  await servers.runBoth('CREATE TABLE often (a INT, b VARCHAR(20))');
  await servers.run(
    'base',
    "INSERT INTO often VALUES (1,'x'),(1,'x'),(1,'x'),(2,'y'),(4,'only here'),(5,NULL)",
  );
  await servers.run('target', "INSERT INTO often VALUES (1,'x'),(2,'y'),(2,'y'),(3,'only there'),(5,'')");
  const { told, counts, end } = await found('often');
  expect(counts).toMatchObject({ targetMissing: 4, baseMissing: 3, neq: 0 });
  expect(told).toEqual([
    'base_missing 1 16',
    'base_missing 1 16',
    'base_missing 1 16',
    'target_missing 1 16',
    'target_missing 1 16',
    'target_missing 2 16',
  ]);
  expect(end).toMatchObject({ outcome: 'differs' });
});

it('equal rows come as one line with their number, however many they are: memory holds no row twice', async () => {
  await servers.runBoth('CREATE TABLE alike (a INT)');
  const thousand = Array.from({ length: 1000 }, () => '(7)').join(',');
  await servers.runBoth(`INSERT INTO alike VALUES ${thousand}`);
  await servers.run('target', 'INSERT INTO alike VALUES (7),(7)');
  const { told, counts } = await found('alike');
  expect([told, counts]).toMatchObject([['base_missing 2 16'], { baseMissing: 2, targetMissing: 0 }]);
  const readers = servers.multisets(await servers.plan('alike'));
  const lines: bigint[] = [];
  for (const { bucket } of await readers.target.sums(EVERYTHING, noSignal))
    for await (const { copies } of readers.target.rows([bucket], noSignal)) lines.push(...copies);
  await Promise.all([readers.base.close(), readers.target.close()]);
  expect(lines).toEqual([1002n]);
});

it('an empty side, and a predicate on each side', async () => {
  await servers.runBoth('CREATE TABLE half (a INT)');
  await servers.run('base', 'INSERT INTO half VALUES (1),(2),(2)');
  expect((await found('half')).counts).toMatchObject({ targetMissing: 3, baseMissing: 0 });
  const plan = { ...(await servers.plan('half')), where: { base: 'a = 1', target: 'a = 1' } };
  expect((await findDifferences(servers, plan)).counts).toMatchObject({ rowsBase: 1, targetMissing: 1 });
});

it.each(COLUMN_CASES.map((one, i) => [one.type, i, one] as const))(
  'every corruption of %s in a table without a key is found, and nothing else is',
  async (_type, i, one) => {
    if (!isKnownTo(servers, one)) return expect(one.only).toBeDefined();
    const table = `m${i}`;
    const flavours = [servers.databases.base, servers.databases.target].map(({ server }) => server.flavour);
    const isRefused = one.type === 'JSON' && new Set(flavours).size > 1;
    // What is equal by a rule has two texts, and those are two rows here.
    const planted = plantCase(table, { ...one, same: [] });
    const keyless = planted.statements;
    const withoutKey = (sql: string) => sql.replace('id INT PRIMARY KEY', 'id INT');
    await Promise.all([
      servers.run('base', ...keyless.base.map(withoutKey)),
      servers.run('target', ...keyless.target.map(withoutKey)),
    ]);
    if (isRefused) return expect(servers.plan(table)).rejects.toThrow(/written in two ways/);
    const count = (type: string) => planted.expected.filter(({ event }) => event.startsWith(type)).length;
    const { counts, end } = await found(table);
    expect(counts).toMatchObject({
      targetMissing: count('target_missing') + count('neq'),
      baseMissing: count('base_missing') + count('neq'),
      neq: 0,
    });
    expect(end).toMatchObject({ outcome: 'differs' });
  },
);

it('a unique key of NULLs tells no rows apart', async () => {
  await servers.runBoth(
    'CREATE TABLE nulls (a INT NULL, b INT, UNIQUE KEY (a))',
    'INSERT INTO nulls VALUES (NULL,1),(NULL,2),(1,3)',
  );
  await servers.run('target', 'UPDATE nulls SET b = 20 WHERE b = 2');
  expect((await found('nulls')).counts).toMatchObject({ targetMissing: 1, baseMissing: 1, neq: 0 });
});

it('a key that only tells rows apart names them', async () => {
  const columns = 'k VARCHAR(2000) NOT NULL, v INT';
  const unique = { mysql: 'UNIQUE KEY (k(700))', mariadb: 'UNIQUE KEY (k)' } as const;
  for (const side of ['base', 'target'] as const) {
    const { flavour } = servers.databases[side].server;
    await servers.run(side, `CREATE TABLE hashed (${columns}, ${unique[flavour]})`);
  }
  await servers.runBoth("INSERT INTO hashed VALUES ('a',1),('b',2),('ö',3),('d',4)");
  await servers.run('target', "UPDATE hashed SET v = 20 WHERE k = 'b'", 'DELETE FROM hashed WHERE v = 3');
  await servers.run('base', "DELETE FROM hashed WHERE k = 'd'");
  expect((await found('hashed')).told).toEqual(['base_missing d', 'neq b', 'target_missing ö']);
});

it('collations in another order, and ENUMs with other members, are compared by key', async () => {
  await servers.run('base', 'CREATE TABLE apart (k VARCHAR(20) COLLATE utf8mb4_bin PRIMARY KEY, v INT)');
  await servers.run(
    'target',
    'CREATE TABLE apart (k VARCHAR(20) COLLATE utf8mb4_unicode_ci PRIMARY KEY, v INT)',
  );
  await servers.run('base', "CREATE TABLE enums (k ENUM('b','a') PRIMARY KEY, v INT)");
  await servers.run('target', "CREATE TABLE enums (k ENUM('a','b','c') PRIMARY KEY, v INT)");
  await servers.runBoth(
    "INSERT INTO apart VALUES ('Zebra',1),('apple',2),('Mango',3)",
    "INSERT INTO enums VALUES ('a',1),('b',2)",
  );
  await servers.run(
    'target',
    "UPDATE apart SET v = 30 WHERE k = 'Mango'",
    "UPDATE enums SET v = 20 WHERE k = 'b'",
  );
  expect((await found('apart')).told).toEqual(['neq Mango']);
  expect((await found('enums')).told).toEqual(['neq b']);
});

it('values that the sides write in two ways are one value', async () => {
  await servers.run('base', 'CREATE TABLE ways (a INT(8) ZEROFILL, d DATETIME, t TIME, x DOUBLE)');
  await servers.run('target', 'CREATE TABLE ways (a BIGINT, d DATETIME(6), t TIME(3), x DOUBLE)');
  await servers.runBoth(
    "INSERT INTO ways VALUES (7,'2024-05-06 07:08:09','-01:02:03',-0e0),(NULL,NULL,NULL,1.5)",
  );
  expect((await found('ways')).told).toEqual([]);
});
