import { connect, otherSessions, startSecuredSql, whyNotSecured } from '@rowparity/testkit';
import { sqlServer } from '@rowparity/testkit/vitest';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectionUrl } from '../connection/connectionUrl.ts';
import { Session } from '../connection/session.ts';
import { type FrameLink, frameLink } from '../testing/frameLink.ts';
import { noSignal, type TestServers, testServers } from '../testing/tablePair.ts';
import { PageBuffer } from './pageBuffer.ts';
import { StreamBuffer } from './streamBuffer.ts';
import { ONE_BLOB } from './testing/resultSet.ts';

// Pins what is relied on in mysql2: when one of these fails after an upgrade, read compressedLink.ts first.

/** A packet of more than 16 MiB, and a frame that cannot be longer. */
const LARGE_BYTES = 17 * 1024 * 1024;
const ALGORITHMS =
  sqlServer('source').flavour === 'mysql' ? (['zstd', 'zlib'] as const) : (['zlib'] as const);

let servers: TestServers;
let link: FrameLink;
let session: Session | undefined;

beforeAll(async () => {
  servers = await testServers();
  link = await frameLink(servers.databases.base.server);
  const values = Array.from({ length: 20_000 }, (_, i) => `(${i}, REPEAT(CHAR(65 + ${i} % 26), 200))`).join(
    ',',
  );
  await servers.run(
    'base',
    'CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(255))',
    `INSERT INTO t VALUES ${values}`,
  );
});

afterEach(() => {
  session?.destroy();
  link.spoil = undefined;
});

afterAll(async () => {
  await link.close();
  await servers.close();
});

async function open(algorithm: string, through: { host: string; port: number } = link): Promise<Session> {
  const url = new URL(servers.databases.base.url);
  url.host = `${through.host}:${through.port}`;
  url.searchParams.set('compress', algorithm);
  session = await Session.open(connectionUrl.parse(url.href), 'base');
  return session;
}

async function read(from: Session, sql: string, bytesMax = 1e9): Promise<PageBuffer> {
  const page = new PageBuffer();
  page.reset(bytesMax, { ...ONE_BLOB, columns: 2 });
  await from.readRows({ sql, parameters: [] }, page, noSignal);
  return page;
}

describe.each(ALGORITHMS)('%s', (algorithm) => {
  it('the server compresses, and what it sends is a small part of the rows', async () => {
    const own = await open(algorithm);
    let bytes = 0;
    link.spoil = (frame) => {
      bytes += frame.length;
      return frame;
    };
    const page = await read(own, 'SELECT id, v FROM t ORDER BY id');
    expect(page.rows).toBe(20_000);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(page.bytes.length / 3);
    const [row] = await own.query("SHOW STATUS LIKE 'Compression'", noSignal);
    expect(row?.Value).toBe('ON');
  });

  it('rows over 16 MiB come whole, whether they can be compressed or not, and the rows behind them', async () => {
    const admin = await connect(servers.databases.base.server);
    await admin.query('SET GLOBAL max_allowed_packet = 67108864');
    const name = `big_${algorithm}`;
    await admin.end();
    const writer = await connect(servers.databases.base.server, servers.databases.base.name);
    await writer.query(`CREATE TABLE ${name} (id INT PRIMARY KEY, v LONGBLOB)`);
    const noise = Buffer.alloc(LARGE_BYTES);
    for (let i = 0, x = 1; i < noise.length; i += 1) {
      x = (Math.imul(x, 1_103_515_245) + 12_345) >>> 0;
      noise[i] = x >>> 16;
    }
    await writer.query(`INSERT INTO ${name} VALUES (1, 'a'), (2, ?), (3, REPEAT('b', ?)), (4, 'c')`, [
      noise,
      LARGE_BYTES,
    ]);
    await writer.end();
    const own = await open(algorithm);
    const page = await read(own, `SELECT id, v FROM ${name} ORDER BY id`);
    expect(page.rows).toBe(4);
    expect(page.bytes.includes(noise.subarray(-1000))).toBe(true);
    expect(await own.query("SELECT 'one' AS it", noSignal)).toEqual([{ it: 'one' }]);
    await own.verify();
  });

  it('a long statement and statements in turn keep their numbers', async () => {
    const own = await open(algorithm);
    const long = 'x'.repeat(300_000);
    const [row] = await own.query(`SELECT LENGTH('${long}') AS it`, noSignal);
    expect(String(row?.it)).toBe(String(long.length));
    const many = Array.from({ length: 300 }, () => own.query("SELECT 'two' AS it", noSignal));
    expect(new Set((await Promise.all(many)).map((rows) => rows[0]?.it))).toEqual(new Set(['two']));
    await own.verify();
  });

  it.each([
    ['KILL QUERY', 'STATEMENT_KILLED'],
    ['KILL', 'CONNECTION_LOST'],
  ] as const)('%s in mid-page is the transient fault %s, never an end of rows', async (kill, code) => {
    const own = await open(algorithm, servers.databases.base.server);
    const [me] = await own.query('SELECT CONNECTION_ID() AS id', noSignal);
    const admin = await connect(servers.databases.base.server);
    const reading = read(own, 'SELECT a.id, b.v FROM t a, t b', 1e6);
    const isRunning = async () =>
      (await otherSessions(admin)).some(({ id, command }) => id === String(me?.id) && command === 'Execute');
    const killed = expect
      .poll(isRunning, { timeout: 20_000 })
      .toBe(true)
      .then(() => admin.query(`${kill} ${String(me?.id)}`));
    await expect(reading).rejects.toMatchObject({ code, class: 'transient' });
    await killed;
    await admin.end();
    expect(own.isUsable).toBe(kill === 'KILL QUERY');
    if (own.isUsable) expect(await own.query("SELECT 'one' AS it", noSignal)).toEqual([{ it: 'one' }]);
  });

  it('a reader that takes its rows slowly holds a small part of them, however small they come', async () => {
    const writer = await connect(servers.databases.base.server, servers.databases.base.name);
    const name = `same_${algorithm}`;
    await writer.query(`CREATE TABLE ${name} (id INT PRIMARY KEY, v LONGBLOB)`);
    await writer.query(`INSERT INTO ${name} SELECT id, REPEAT('a', 1000000) FROM t WHERE id < 150`);
    await writer.end();
    const own = await open(algorithm, servers.databases.base.server);
    const buffer = new StreamBuffer();
    buffer.reset({ rows: 10, bytes: 2e6 }, { ...ONE_BLOB, columns: 2 });
    const flow = await own.startRows({ sql: `SELECT id, v FROM ${name}`, parameters: [] }, buffer, noSignal);
    let rows = 0;
    let held = 0;
    while (!flow.isEnded || buffer.rows > 0) {
      await flow.untilFull();
      held = Math.max(held, buffer.rows);
      rows += buffer.rows;
      buffer.take(buffer.rows);
      buffer.makeRoom();
    }
    expect(rows).toBe(150);
    expect(held).toBeLessThan(8);
    expect(await own.query("SELECT 'one' AS it", noSignal)).toEqual([{ it: 'one' }]);
    await own.verify();
  });

  it('an abort ends the reading with its reason and the connection with it', async () => {
    const own = await open(algorithm);
    const stop = new AbortController();
    const page = new PageBuffer();
    page.reset(1e6, { ...ONE_BLOB, columns: 2 });
    const sql = 'SELECT a.id, b.v FROM t a, t b';
    link.spoil = (frame, n) => {
      if (n === 20) stop.abort(new Error('draining'));
      return frame;
    };
    await expect(own.readRows({ sql, parameters: [] }, page, stop.signal)).rejects.toThrow('draining');
    expect(own.isUsable).toBe(false);
  });

  const AT = 5;
  it.each<readonly [string, string, (frame: Buffer) => Buffer | undefined]>([
    ['is left out', 'PROTOCOL_BROKEN', () => Buffer.alloc(0)],
    ['comes twice', 'PROTOCOL_BROKEN', (frame) => Buffer.concat([frame, frame])],
    ['is cut short', 'PROTOCOL_BROKEN', (frame) => withContent(frame, frame.subarray(7, -9))],
    [
      'has bytes behind it',
      'PROTOCOL_BROKEN',
      (frame) => withContent(frame, Buffer.concat([frame.subarray(7), Buffer.alloc(3)])),
    ],
    ['announces another length', 'PROTOCOL_BROKEN', (frame) => changed(frame, 4)],
    ['has another number', 'PROTOCOL_BROKEN', (frame) => changed(frame, 3)],
    ['is spoiled within', 'PROTOCOL_BROKEN', (frame) => changed(frame, 8)],
    ['is the last that comes', 'CONNECTION_LOST', () => undefined],
    [
      'comes in part and is the last',
      'CONNECTION_LOST',
      (frame) => Buffer.concat([frame.subarray(0, 9), END]),
    ],
  ])('a frame in mid-answer that %s is the fault %s', async (_what, code, spoil) => {
    const own = await open(algorithm);
    let isOver = false;
    link.spoil = (frame, n) => {
      if (isOver) return undefined;
      const spoiled = n === AT ? spoil(frame) : frame;
      isOver = spoiled?.subarray(-END.length).equals(END) === true;
      return isOver ? spoiled?.subarray(0, -END.length) : spoiled;
    };
    await expect(read(own, 'SELECT id, v FROM t ORDER BY id')).rejects.toMatchObject({ code });
    expect(own.isUsable).toBe(false);
  });

  it.each<readonly [string, (frame: Buffer) => Buffer]>([
    ['a part of a frame', (frame) => Buffer.concat([frame, frame.subarray(0, 5)])],
    ['a broken frame', (frame) => Buffer.concat([frame, changed(frame, 3)])],
    ['a whole frame', (frame) => Buffer.concat([frame, frame.with(3, (frame[3] as number) + 1) as Buffer])],
  ])('%s behind an answer is the fault PROTOCOL_BROKEN', async (_what, spoil) => {
    const own = await open(algorithm);
    const sql = 'SELECT id, v FROM t WHERE id = 7';
    expect((await read(own, sql)).rows).toBe(1);
    link.spoil = spoil;
    await expect(read(own, sql)).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
    expect(own.isUsable).toBe(false);
  });

  it('a frame that comes while nothing was asked is the fault PROTOCOL_BROKEN', async () => {
    const own = await open(algorithm);
    link.spoil = (frame) => frame;
    await own.query('SELECT 1', noSignal);
    link.spoil = (frame) => Buffer.concat([frame, changed(frame, 3)]);
    const outcome = await own
      .query('SELECT 1', noSignal)
      .then(
        () => own.verify(),
        (error: unknown) => Promise.reject(error),
      )
      .catch((error: unknown) => error);
    expect(outcome).toMatchObject({ code: 'PROTOCOL_BROKEN' });
  });
});

/** Stands for the end of the connection behind a piece. */
const END = Buffer.from('the end of the connection');

function withContent(frame: Buffer, content: Buffer): Buffer {
  const header = Buffer.from(frame.subarray(0, 7));
  header.writeUIntLE(content.length, 0, 3);
  return Buffer.concat([header, content]);
}

function changed(frame: Buffer, position: number): Buffer {
  const copy = Buffer.from(frame);
  copy[position] = (copy[position] as number) ^ 0x55;
  return copy;
}

const why = whyNotSecured('sql');

describe.skipIf(why)(why ?? 'TLS', () => {
  it.each(ALGORITHMS)('rows come whole through %s within TLS', async (algorithm) => {
    const secured = await startSecuredSql(() => undefined);
    try {
      const { user, password, host, port } = secured.server;
      const url = `mysql://${user}:${password}@${host}:${port}/mysql?tls=verify&tlsCa=${secured.certificates.ca}&compress=${algorithm}`;
      const own = await Session.open(connectionUrl.parse(url), 'base');
      const sql =
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT a.i, REPEAT('x', 300) FROM n a, n b WHERE b.i < 30";
      expect((await read(own, sql)).rows).toBe(900 * 29);
      const rows = await own.query(
        "SHOW STATUS WHERE Variable_name IN ('Compression', 'Ssl_cipher')",
        noSignal,
      );
      expect(rows.map(({ Value }) => Value)).toEqual(['ON', expect.stringMatching(/\w/)]);
      await own.end();
    } finally {
      await secured.stop();
    }
  });
});
