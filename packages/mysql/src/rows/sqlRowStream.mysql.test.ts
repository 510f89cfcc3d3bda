import { setTimeout as sleep } from 'node:timers/promises';
import type { RowStream } from '@rowparity/core';
import { connect, otherSessions } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVERYTHING, keysOf, noSignal, type TestServers, testServers } from '../testing/tablePair.ts';
import type { SqlRowReader } from './sqlRowReader.ts';

const ROWS = 200_000;
const page = { rows: 5000, bytes: 256 * 1024 };

let servers: TestServers;
let reader: SqlRowReader;

beforeAll(async () => {
  servers = await testServers();
  await servers.runBoth('CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(120))');
  for (let inserted = 0; inserted < ROWS; inserted += 20_000) {
    const values = Array.from({ length: 20_000 }, (_, i) => `(${inserted + i}, REPEAT('x', 100))`);
    await servers.run('base', `INSERT INTO t VALUES ${values.join(',')}`);
  }
  ({ base: reader } = servers.readers(await servers.plan('t')));
});

afterAll(async () => {
  await reader.close();
  await servers.close();
});

async function takeAll(stream: RowStream, from = 0): Promise<number> {
  for (let expected = from; ; ) {
    const next = await stream.page();
    expect(next.layout.keyAt(next, 0)).toEqual([String(expected)]);
    stream.take(next.rows);
    expected += next.rows;
    if (next.isComplete || next.isCut) return expected;
  }
}

it('a part of a page can be taken; the rest comes again in front of the next rows', async () => {
  const stream = reader.stream(EVERYTHING, { rows: 1e6, page }, noSignal);
  const first = await stream.page();
  stream.take(first.rows - 7);
  const second = await stream.page();
  expect(second.layout.keyAt(second, 0)).toEqual([String(first.rows - 7)]);
  expect(second.rows).toBeGreaterThan(7);
  expect(await takeAll(stream, first.rows - 7)).toBe(ROWS);
  await stream.close();
});

it('what was given out stays as it is while more comes, until the next page is asked for', async () => {
  const stream = reader.stream(EVERYTHING, { rows: 1e6, page }, noSignal);
  const first = await stream.page();
  const before = Buffer.from(first.bytes);
  await sleep(50);
  expect(first.bytes.equals(before)).toBe(true);
  expect(keysOf(first).at(-1)).toEqual([String(first.rows - 1)]);
  await stream.close();
});

it('a stream that is not read holds little more than a page', async () => {
  const stream = reader.stream(EVERYTHING, { rows: 1e6, page }, noSignal);
  await stream.page();
  await sleep(300);
  const second = await stream.page();
  expect(second.rows).toBeLessThanOrEqual(page.rows);
  expect(second.bytes.length).toBeLessThan(page.bytes + 256 * 1024);
  await stream.close();
});

it('a limit in rows cuts a stream, which is not the end of the range', async () => {
  const stream = reader.stream(EVERYTHING, { rows: 12_345, page }, noSignal);
  expect(await takeAll(stream)).toBe(12_345);
  expect(await stream.page()).toMatchObject({ rows: 0, isCut: true, isComplete: false });
  await stream.close();
});

it.each([
  ['with little left is read to its end', 12_000],
  ['with much left is cut off', 1_000_000],
])('a stream that is closed %s, and the reader goes on', async (_how, rows) => {
  const stream = reader.stream(EVERYTHING, { rows, page }, noSignal);
  stream.take((await stream.page()).rows);
  await stream.close();
  const again = await reader.readPage({ after: ['99'], upTo: null }, { rows: 3, bytes: 1e6 }, noSignal);
  expect(keysOf(again)).toEqual([['100'], ['101'], ['102']]);
});

it.each([
  ['KILL QUERY', 'STATEMENT_KILLED'],
  ['KILL', 'CONNECTION_LOST'],
] as const)('%s between two pages is the transient fault %s, never an end of rows', async (kill, code) => {
  const stream = reader.stream(EVERYTHING, { rows: 1e6, page }, noSignal);
  stream.take((await stream.page()).rows);
  const admin = await connect(servers.databases.base.server);
  for (const { id, command, statement } of await otherSessions(admin)) {
    if (command === 'Execute' && statement?.includes('LIMIT 1000000')) await admin.query(`${kill} ${id}`);
  }
  await admin.end();
  await expect(takeAllOf(stream)).rejects.toMatchObject({ code, class: 'transient' });
  await stream.close();
  expect(await takeAll(reader.stream(EVERYTHING, { rows: 1e6, page }, noSignal))).toBe(ROWS);
});

async function takeAllOf(stream: RowStream): Promise<void> {
  for (let next = await stream.page(); !next.isComplete; next = await stream.page()) stream.take(next.rows);
}

it('an abort ends a waiting stream with its reason', async () => {
  const stop = new AbortController();
  const stream = reader.stream(EVERYTHING, { rows: 1e6, page }, stop.signal);
  stream.take((await stream.page()).rows);
  stop.abort(new Error('draining'));
  await expect(stream.page()).rejects.toThrow('draining');
  await stream.close();
});
