import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVERYTHING, keysOf, noSignal, PAGE, type TestServers, testServers } from '../testing/tablePair.ts';

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
});

afterAll(() => servers.close());

async function keysIn(table: string, range = EVERYTHING) {
  const { base } = servers.readers(await servers.plan(table));
  const keys = keysOf(await base.readPage(range, PAGE, noSignal));
  await base.close();
  return keys;
}

it('64-bit keys keep every digit, as results and as bounds', async () => {
  const ids = [
    '0',
    '9007199254740992',
    '9007199254740993',
    '9223372036854775808',
    '18446744073709551614',
    '18446744073709551615',
  ];
  await servers.runBoth(
    'CREATE TABLE big (id BIGINT UNSIGNED PRIMARY KEY)',
    `INSERT INTO big VALUES ${ids.map((id) => `(${id})`).join(',')}`,
  );
  expect(await keysIn('big')).toEqual(ids.map((id) => [id]));
  for (const [i, id] of ids.entries()) {
    expect(await keysIn('big', { after: [id], upTo: null })).toEqual(ids.slice(i + 1).map((next) => [next]));
    expect(await keysIn('big', { after: null, upTo: [id] })).toEqual(
      ids.slice(0, i + 1).map((next) => [next]),
    );
  }
});

it('negative keys and the ends of the signed range are read in order', async () => {
  const ids = ['-9223372036854775808', '-9007199254740993', '-1', '0', '9223372036854775807'];
  await servers.runBoth(
    'CREATE TABLE signed_ids (id BIGINT PRIMARY KEY)',
    `INSERT INTO signed_ids VALUES ${ids.map((id) => `(${id})`).join(',')}`,
  );
  expect(await keysIn('signed_ids')).toEqual(ids.map((id) => [id]));
  expect(await keysIn('signed_ids', { after: ['-9007199254740994'], upTo: ['0'] })).toEqual([
    ['-9007199254740993'],
    ['-1'],
    ['0'],
  ]);
});

it.each([
  ['tinyint', 'TINYINT', ['-128', '-1', '127']],
  ['smallint unsigned', 'SMALLINT UNSIGNED', ['0', '65535']],
  ['mediumint', 'MEDIUMINT', ['-8388608', '8388607']],
  ['int unsigned', 'INT UNSIGNED', ['0', '4294967295']],
  ['decimal', 'DECIMAL(20,4)', ['-12345678901234.5678', '0.0000', '0.0001', '9999999999999999.9999']],
  ['date', 'DATE', ['1000-01-01', '2024-02-29', '9999-12-31']],
  ['datetime', 'DATETIME(6)', ['2024-01-01 00:00:00', '2024-01-01 00:00:00.000001', '2024-01-01 10:20:30.5']],
  ['timestamp', 'TIMESTAMP', ['1990-01-01 00:00:01', '2024-03-31 01:30:00']],
  ['text', 'VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin', ['', 'A', 'a', 'ä', '😀']],
  ['latin1 text', 'VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_bin', ['a', 'é']],
] as const)(
  'a key of type %s survives the way to a key tuple and back to a bound',
  async (name, type, keys) => {
    const table = `k_${name.replaceAll(' ', '_')}`;
    await servers.runBoth(`CREATE TABLE ${table} (id ${type} PRIMARY KEY)`, `SET time_zone = '+00:00'`);
    await servers.runBoth(...keys.map((key) => `INSERT INTO ${table} VALUES ('${key}')`));
    const found = await keysIn(table);
    expect(found).toHaveLength(keys.length);
    for (const [i, key] of found.entries()) {
      expect(await keysIn(table, { after: key, upTo: null })).toEqual(found.slice(i + 1));
      expect(await keysIn(table, { after: null, upTo: key })).toEqual(found.slice(0, i + 1));
    }
    const { base } = servers.readers(await servers.plan(table));
    expect(keysOf(await base.readKeys(found, noSignal)).sort()).toEqual([...found].sort());
    await base.close();
  },
);

it('binary keys are hex, and composite keys are compared as one', async () => {
  await servers.runBoth(
    'CREATE TABLE pair (a BINARY(2), b INT, c VARCHAR(5), PRIMARY KEY (a, b, c))',
    "INSERT INTO pair VALUES (X'0000',1,'x'),(X'00ff',-1,'x'),(X'00ff',2,'a'),(X'00ff',2,'b'),(X'ff00',0,'')",
  );
  const all = [
    ['0000', '1', 'x'],
    ['00ff', '-1', 'x'],
    ['00ff', '2', 'a'],
    ['00ff', '2', 'b'],
    ['ff00', '0', ''],
  ];
  expect(await keysIn('pair')).toEqual(all);
  for (const [i, key] of all.entries())
    expect(await keysIn('pair', { after: key, upTo: null })).toEqual(all.slice(i + 1));
  expect(await keysIn('pair', { after: ['0000'], upTo: ['00ff', '2'] })).toEqual(all.slice(1, 4));
});

it('a composite range is an index range on the server, not a scan', async () => {
  const values = Array.from({ length: 2000 }, (_, i) => `(${i % 100},${i})`).join(',');
  await servers.runBoth(
    'CREATE TABLE wide (a INT, b INT, PRIMARY KEY (a, b))',
    `INSERT INTO wide VALUES ${values}`,
    'ANALYZE TABLE wide',
  );
  const key = { plan: await servers.plan('wide'), side: 'base' } as const;
  const rows = await servers.catalogs.base.estimateRows(
    key,
    { after: ['50', '1000'], upTo: ['51', '300'] },
    noSignal,
  );
  expect(rows).toBeLessThan(100);
});

it('a page that reaches its limit says so, and the next one continues without a gap', async () => {
  const { base } = servers.readers(await servers.plan('wide'));
  const seen: string[] = [];
  let after: readonly string[] | null = null;
  for (;;) {
    const page = await base.readPage({ after, upTo: null }, { rows: 300, bytes: 1e6 }, noSignal);
    seen.push(...keysOf(page).map((key) => key.join(',')));
    if (page.isComplete) break;
    after = page.layout.keyAt(page, page.rows - 1);
  }
  expect(new Set(seen).size).toBe(2000);
  expect(seen).toHaveLength(2000);
  await base.close();
});

it('a page beyond its bytes is cut and incomplete', async () => {
  const { base } = servers.readers(await servers.plan('wide'));
  const page = await base.readPage(EVERYTHING, { rows: 5000, bytes: 500 }, noSignal);
  expect(page.isComplete).toBe(false);
  expect(page.rows).toBeGreaterThan(0);
  expect(page.bytes.length).toBeLessThanOrEqual(500);
  await base.close();
});

it('hostile names are quoted', async () => {
  const name = 'ev`il "; DROP TABLE x; -- 😀'.slice(0, 60).replace('😀', '?');
  await servers.runBoth(
    `CREATE TABLE \`${name.replaceAll('`', '``')}\` (\`i\`\`d?\` INT PRIMARY KEY, \`v'\` INT)`,
  );
  await servers.runBoth(`INSERT INTO \`${name.replaceAll('`', '``')}\` VALUES (1, 2), (3, 4)`);
  expect(await keysIn(name, { after: ['1'], upTo: ['5'] })).toEqual([['3']]);
});

it('a predicate is tried on the server before any row is read', async () => {
  const { base } = servers.catalogs;
  await expect(
    base.tryPredicate({ table: 'wide', where: 'a > 5 AND b < 9' }, noSignal),
  ).resolves.toBeUndefined();
  const refused = base.tryPredicate({ table: 'wide', where: 'nowhere = 1' }, noSignal);
  await expect(refused).rejects.toMatchObject({ message: expect.stringMatching(/unknown column.*nowhere/i) });
  const broken = base.tryPredicate({ table: 'wide', where: 'a = = 1' }, noSignal);
  await expect(broken).rejects.toMatchObject({
    class: 'permanent',
    message: expect.stringContaining('syntax'),
  });
});
