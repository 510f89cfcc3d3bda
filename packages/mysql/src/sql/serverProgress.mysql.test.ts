import type { ProgressQuestion } from '@rowparity/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noSignal, type TestServers, testServers } from '../testing/tablePair.ts';

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
  await servers.run(
    'base',
    "SET SESSION time_zone = '+05:00'",
    'CREATE TABLE beats (id INT PRIMARY KEY, big BIGINT UNSIGNED, exact DECIMAL(65,30), at DATETIME(6), stamp TIMESTAMP(3) NULL, note LONGTEXT, raw VARBINARY(9))',
    `INSERT INTO beats VALUES (1, 18446744073709551615, ${'9'.repeat(35)}.${'9'.repeat(30)}, '2026-11-27 10:00:00.000001',
      '2026-11-27 10:00:00.125', REPEAT('x', 100000), X'FF00'), (2, NULL, NULL, NULL, NULL, NULL, NULL)`,
  );
});

afterAll(() => servers.close());

const ask = (question: ProgressQuestion) => servers.catalogs.base.progress(question, noSignal);
const heartbeat = (column: string, where?: string) =>
  ask({ kind: 'heartbeat', table: 'beats', column, ...(where === undefined ? {} : { where }) });
const query = (sql: string) => ask({ kind: 'query', sql });

it.each([
  ['big', '18446744073709551615'],
  ['exact', `${'9'.repeat(35)}.${'9'.repeat(30)}`],
  ['at', '2026-11-27 10:00:00.000001'],
  // In UTC: the writer's time zone is another one.
  ['stamp', '2026-11-27 05:00:00.125'],
])('column %s is read with every digit: %s', async (column, value) => {
  expect(await heartbeat(column, 'id = 1')).toMatchObject({ value });
  expect(await query(`SELECT ${column} FROM beats WHERE id = 1`)).toMatchObject({ value });
});

it('the server that answers is told as planning knows it', async () => {
  const { serverId, uuid } = await servers.catalogs.base.identify(noSignal);
  expect(await query('SELECT 1')).toEqual({ serverId, uuid, value: '1' });
});

it('no row and NULL are no value', async () => {
  expect(await heartbeat('big', 'id = 2')).toMatchObject({ value: null });
  expect(await heartbeat('big', 'id = 3')).toMatchObject({ value: null });
  expect(await query('SELECT MAX(id) FROM beats WHERE id > 9')).toMatchObject({ value: null });
});

it('of a long text a few characters come', async () => {
  const { value } = await heartbeat('note', 'id = 1');
  expect(value?.length).toBeLessThan(200);
});

it.each<[string, () => Promise<unknown>, RegExp]>([
  ['several rows of a heartbeat', () => heartbeat('big'), /more than 1 row/],
  ['several rows of a query', () => query('SELECT id FROM beats'), /more than 1 row/],
  ['two columns', () => query('SELECT id, big FROM beats'), /1 column/],
  ['no such column', () => heartbeat('nothing'), /nothing/],
  ['no such table', () => query('SELECT 1 FROM nowhere'), /nowhere/],
  ['what is no query', () => query('SELECT FROM beats'), /FROM beats/],
])('%s: refused, in the words of the server', async (_name, question, words) => {
  await expect(question()).rejects.toThrow(words);
});

it('nothing can be written by it: the session only reads', async () => {
  const { name } = servers.databases.base;
  await servers.run(
    'base',
    `CREATE FUNCTION writes() RETURNS INT DETERMINISTIC MODIFIES SQL DATA
     BEGIN INSERT INTO ${name}.beats (id) VALUES (77); RETURN 1; END`,
    `CREATE VIEW hidden AS SELECT ${name}.writes() AS n`,
  );
  await expect(query('SELECT n FROM hidden')).rejects.toMatchObject({ class: 'permanent' });
  expect(await heartbeat('id', 'id = 77')).toMatchObject({ value: null });
});
