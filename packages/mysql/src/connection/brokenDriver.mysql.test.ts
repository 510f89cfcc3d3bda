import type { Fault } from '@rowparity/contracts';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { SqlRowReader } from '../rows/sqlRowReader.ts';
import { BrokenLinks } from '../testing/brokenLinks.ts';
import type { Answer } from '../testing/hostileLink.ts';
import { changed, onRows, renumbered, rowAt, whole, withRow } from '../testing/rewrites.ts';
import { noSignal } from '../testing/tablePair.ts';
import { PageBuffer } from '../wire/pageBuffer.ts';
import { EOF, packets } from '../wire/testing/resultSet.ts';

let broken: BrokenLinks;

function twoNumbers(): PageBuffer {
  const page = new PageBuffer();
  page.reset(1e6, { of: 'Two numbers', columns: 1, rowsMax: 2, key: [], isOrdered: false });
  return page;
}

beforeAll(async () => {
  broken = await BrokenLinks.open();
});
afterEach(() => broken.restore());
afterAll(() => broken.close());

const serverError = (errno: number) =>
  Buffer.concat([Buffer.from([0xff, errno & 0xff, errno >> 8]), Buffer.from('#08S01ended')]);

it.each([
  ['ends the session', 1927, 'CONNECTION_LOST'],
  ['belongs to some statement', 1064, 'PROTOCOL_BROKEN'],
] as const)('an error out of turn that %s (%i) is %s', async (_what, errno, code) => {
  broken.links.base.rewrite = onRows((answer) =>
    renumbered(packets([...answer.head, serverError(errno)]), answer.head.length, 0),
  );
  const reader = new SqlRowReader(broken.pools.base, await broken.servers.plan('numbered'), 'base');
  const reading = reader.readPage({ after: null, upTo: null }, { rows: 99, bytes: 1e6 }, noSignal);
  await expect(reading).rejects.toMatchObject({ code });
  await reader.close();
  await expect.poll(() => broken.links.base.connections).toBe(0);
});

const farewell = (errno: number, number = 0) => renumbered(packets([serverError(errno)]), 0, number);

it.each([
  ['ends the session', 1927, 'CONNECTION_LOST'],
  ['belongs to some statement', 1064, 'PROTOCOL_BROKEN'],
] as const)('an error in one piece with the rows that %s (%i) is %s', async (_what, errno, code) => {
  broken.links.base.rewrite = onRows((answer) => Buffer.concat([packets(whole(answer)), farewell(errno)]));
  const reader = new SqlRowReader(broken.pools.base, await broken.servers.plan('numbered'), 'base');
  const reading = reader.readPage({ after: null, upTo: null }, { rows: 99, bytes: 1e6 }, noSignal);
  await expect(reading).rejects.toMatchObject({ code });
  await reader.close();
  await expect.poll(() => broken.links.base.connections).toBe(0);
});

it.each([
  ['ends the session', 1053, undefined],
  ['belongs to some statement', 1064, 'PROTOCOL_BROKEN'],
] as const)('rows, and a moment later an error that %s (%i), end in %s', async (_what, errno, code) => {
  broken.links.base.rewrite = onRows((answer) => [packets(whole(answer)), farewell(errno)]);
  const session = await broken.pools.base.take();
  const reading = session.readRows(
    { sql: 'SELECT 1 UNION ALL SELECT 2', parameters: [] },
    twoNumbers(),
    noSignal,
  );
  await reading.catch((error: Fault) => expect(error.code).toBe(code ?? 'CONNECTION_LOST'));
  await expect.poll(() => session.isUsable).toBe(false);
  const verifying = session.verify();
  if (code) await expect(verifying).rejects.toMatchObject({ code });
  else await verifying;
  await broken.pools.base.release(session);
});

it.each([
  ['the word that the session ends', 1927, 0, undefined],
  ['an error of some statement, out of turn', 1064, 0, 'PROTOCOL_BROKEN'],
  ['that the statement was killed', 1317, 1, 'STATEMENT_KILLED', 'process'],
] as const)('for a canary comes %s (%i)', async (_what, errno, number, code, place?: 'process') => {
  const session = await broken.pools.base.take();
  broken.links.base.rewrite = () => farewell(errno, number);
  const verifying = session.verify();
  if (code) await expect(verifying).rejects.toMatchObject({ code, place });
  else await verifying;
  expect(session.isUsable).toBe(false);
  await broken.pools.base.release(session);
});

it('an answer that is whole counts, and the connection that was lost right behind it does not', async () => {
  const session = await broken.pools.base.take();
  broken.links.base.isLostBehind = true;
  const page = twoNumbers();
  await session.readRows({ sql: 'SELECT 1 UNION ALL SELECT 2', parameters: [] }, page, noSignal);
  expect(page.rows).toBe(2);
  await expect.poll(() => session.isUsable).toBe(false);
  await broken.pools.base.release(session);
});

it('a canary that is whole proves the rows before it, also when the connection is lost right behind it', async () => {
  const session = await broken.pools.base.take();
  broken.links.base.isLostBehind = true;
  await session.verify();
  await expect.poll(() => session.isUsable).toBe(false);
  await broken.pools.base.release(session);
});

it('a connection that is lost within a canary proves nothing, and the shard is for later', async () => {
  const session = await broken.pools.base.take();
  broken.links.base.isLostBehind = true;
  broken.links.base.rewrite = (answer) => packets(answer.head.slice(0, 3));
  await expect(session.verify()).rejects.toMatchObject({ code: 'CONNECTION_LOST', place: 'process' });
  await broken.pools.base.release(session);
});

it('a server that refuses to prepare the canary has proved nothing', async () => {
  // The server keeps few statements, so each is prepared again.
  broken.pools.base.places.thrift.isOn = true;
  const session = await broken.pools.base.take();
  session.rest();
  const refusal = serverError(1317);
  broken.links.base.rewritePrepared = () => Buffer.concat([Buffer.from([refusal.length, 0, 0, 1]), refusal]);
  const verified = await session.verify().then(
    () => undefined,
    (fault: Fault) => fault,
  );
  expect(verified).toMatchObject({ place: 'process' });
  await broken.pools.base.release(session);
});

it('packets of the driver’s own answers whose numbers are out of order are PROTOCOL_BROKEN', async () => {
  broken.links.base.rewritePrepared = (packet) => changed(packet, 3, 9);
  const warnings = vi.spyOn(console, 'error').mockReturnValue();
  const reader = new SqlRowReader(broken.pools.base, await broken.servers.plan('numbered'), 'base');
  await expect(reader.lastKey({ after: null, upTo: null }, noSignal)).rejects.toMatchObject({
    code: 'PROTOCOL_BROKEN',
  });
  await reader.close();
  warnings.mockRestore();
});

it.each([
  [
    'a row that lacks its last byte',
    (answer: Answer) => withRow(answer, 1, rowAt(answer.rows, 1).subarray(0, -1)),
  ],
  [
    'a row with a byte too many',
    (answer: Answer) => withRow(answer, 1, Buffer.concat([rowAt(answer.rows, 1), EOF])),
  ],
  ['a length beyond the row', (answer: Answer) => withRow(answer, 1, changed(rowAt(answer.rows, 1), 0, 250))],
  ['an empty packet', (answer: Answer) => withRow(answer, 1, Buffer.alloc(0), rowAt(answer.rows, 1))],
  [
    'a definition that is cut',
    (answer: Answer) => packets(whole(answer).with(1, rowAt(answer.head, 1).subarray(0, -3))),
  ],
  [
    'an EOF of 7 bytes',
    (answer: Answer) => packets(whole({ ...answer, end: Buffer.from([0xfe, 0, 0, 2, 0, 0, 0]) })),
  ],
  ['more results', (answer: Answer) => packets(whole({ ...answer, end: Buffer.from([0xfe, 0, 0, 10, 0]) }))],
  ['a number that is left out', (answer: Answer) => renumbered(packets(whole(answer)), 4, 77)],
  ['a row behind the EOF', (answer: Answer) => packets([...whole(answer), rowAt(answer.rows, 1)])],
] as const)('an answer of the catalog with %s is PROTOCOL_BROKEN', async (_what, rewrite) => {
  const warnings = vi.spyOn(console, 'error').mockReturnValue();
  const session = await broken.pools.base.take();
  broken.links.base.areQueriesToo = true;
  broken.links.base.rewrite = onRows(rewrite);
  const sql = "SELECT 'one' AS a, 'two' AS b UNION ALL SELECT 'three', NULL UNION ALL SELECT 'four', 'five'";
  const asking = session.query(sql, noSignal).then(() => session.verify());
  await expect(asking).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
  expect(session.isUsable).toBe(false);
  warnings.mockRestore();
});
