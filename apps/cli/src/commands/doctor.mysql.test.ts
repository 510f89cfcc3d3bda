/** Each check is seen failing on a server where the thing is really wrong. */
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { type AddressInfo, connect as connectTo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { type DoctorReport, doctorReport, type Finding } from '@rowparity/contracts';
import {
  connect,
  createDatabase,
  databaseUrl,
  type OwnSql,
  startOwnSql,
  startSecuredSql,
  whyNotNative,
  whyNotSecured,
} from '@rowparity/testkit';
import { type FreshDatabase, freshDatabases } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCheckedPair } from '../testing/checkedPair.ts';
import { testCli } from '../testing/testCli.ts';
import { mountSmallDisk } from '../testing/testPlaces.ts';

const TABLES = [
  'CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(20))',
  'CREATE TABLE logs (what TEXT)',
  'CREATE TABLE hashed (id INT NOT NULL, PRIMARY KEY USING HASH (id)) ENGINE=MEMORY',
  'CREATE VIEW names AS SELECT name FROM customers',
];
const OF_SOURCE = [
  'CREATE TABLE only_here (id INT PRIMARY KEY)',
  'CREATE TABLE places (id INT PRIMARY KEY, place JSON)',
  'CREATE TABLE folded (name VARCHAR(20) PRIMARY KEY)',
];
const OF_DESTINATION = [
  'CREATE TABLE places (id INT PRIMARY KEY, place DATE)',
  'CREATE TABLE folded (name TEXT)',
];

let databases: Readonly<Record<'source' | 'destination', FreshDatabase>>;
let reader: string;

beforeAll(async () => {
  databases = await freshDatabases();
  const { name } = databases.source;
  reader = `r_${name}`.slice(0, 32);
  for (const [place, { server }] of Object.entries(databases)) {
    const admin = await connect(server, name);
    for (const sql of [...TABLES, ...(place === 'source' ? OF_SOURCE : OF_DESTINATION)])
      await admin.query(sql);
    await admin.query(`CREATE USER '${reader}'@'%' IDENTIFIED BY 'r' WITH MAX_USER_CONNECTIONS 3`);
    await admin.query(`GRANT SELECT (id) ON ${name}.customers TO '${reader}'@'%'`);
    await admin.query(`GRANT SELECT ON ${name}.logs TO '${reader}'@'%'`);
    await admin.end();
  }
});

afterAll(async () => {
  for (const { server, drop } of Object.values(databases ?? {})) {
    const admin = await connect(server);
    await admin.query(`DROP USER '${reader}'@'%'`);
    await admin.end();
    await drop();
  }
});

function urls(change: (url: URL) => void = () => {}): [string, string] {
  return [changed(databases.source.url, change), changed(databases.destination.url, change)];
}

function changed(text: string, change: (url: URL) => void): string {
  const url = new URL(text);
  change(url);
  return url.href;
}

const asReader = (url: URL): void => {
  url.username = reader;
  url.password = 'r';
};

interface Diagnosis extends DoctorReport {
  readonly code: number | null;
  /** `source login ok`, in order. */
  readonly lines: readonly string[];
  readonly of: (check: Finding['check'], table?: string) => readonly Finding[];
}

async function diagnose(args: readonly string[]): Promise<Diagnosis> {
  await using cli = await testCli({});
  const { code, stdout, stderr } = await cli.run(['doctor', '--json', ...args]);
  expect(stderr).toBe('');
  // It leaves nothing behind.
  expect(readdirSync(cli.folder)).toEqual([]);
  const report = doctorReport.parse(JSON.parse(stdout));
  return {
    ...report,
    code,
    lines: report.findings.map(({ subject, check, level }) => `${subject} ${check} ${level}`),
    of: (check, table) =>
      report.findings.filter((one) => one.check === check && (!table || one.table === table)),
  };
}

test('of two databases that are well nothing is wrong, and the exit code is 0', async () => {
  const { code, healthy, lines } = await diagnose([...urls(), '--tables', 'customers']);
  expect({ code, healthy }).toEqual({ code: 0, healthy: true });
  for (const place of ['source', 'destination']) {
    for (const check of ['login', 'connection', 'tls', 'version', 'session', 'connections', 'privileges']) {
      expect(lines).toContain(`${place} ${check} ok`);
    }
  }
  for (const line of ['both clock ok', 'both tables ok', 'both table ok', 'machine state ok']) {
    expect(lines).toContain(line);
  }
});

test('tables on one side, a view, types without a common one, and a missing key are told, each by its table', async () => {
  const { code, of, findings } = await diagnose(urls());
  expect(code).toBe(2);
  expect(of('table', 'only_here')).toMatchObject([{ level: 'error', code: 'TABLE_ONLY_ON_SOURCE' }]);
  expect(of('table', 'places')).toMatchObject([
    { level: 'error', code: 'COLUMN_TYPES_DIFFER', message: expect.stringContaining('on the source') },
  ]);
  expect(of('table', 'logs')).toMatchObject([
    { level: 'warning', remedy: expect.stringContaining('primary key') },
  ]);
  expect(of('table', 'hashed')).toMatchObject([
    { level: 'warning', message: expect.stringContaining('no index') },
  ]);
  expect(of('table', 'folded')[0]?.level).not.toBe('ok');
  expect(of('table', 'customers')).toMatchObject([
    { level: 'ok', message: expect.stringContaining('key id') },
  ]);
  expect(findings.filter(({ message }) => message.includes('view names'))).toHaveLength(2);
  const named = await diagnose([...urls(), '--tables', 'names']);
  expect(named.of('table', 'names')).toMatchObject([{ level: 'error', code: 'TABLE_NOT_FOUND' }]);
});

test('a wrong password, an unknown database and a server that is not there are told of the side they are on', async () => {
  const [source, destination] = urls();
  const wrong = changed(destination, (url) => {
    url.password = 'secret-word';
  });
  const denied = await diagnose([source, wrong]);
  expect(denied.code).toBe(2);
  expect(denied.lines).toEqual(
    expect.arrayContaining(['source login ok', 'destination login error', 'both tables skipped']),
  );
  expect(JSON.stringify(denied)).not.toContain('secret-word');
  const unknown = changed(source, (url) => {
    url.pathname = '/nothing_of_this_name';
  });
  const gone = changed(destination, (url) => {
    url.port = '1';
  });
  const both = await diagnose([unknown, gone]);
  expect(both.of('login')).toMatchObject([{ subject: 'source', code: 'DATABASE_UNKNOWN' }]);
  expect(both.of('connection')).toMatchObject([{ subject: 'destination', code: 'SERVER_UNREACHABLE' }]);
});

test('columns that the user may not read, hidden tables and few connections are told', async () => {
  const { code, of } = await diagnose(urls(asReader));
  expect(code).toBe(2);
  expect(of('table', 'customers')).toMatchObject([{ level: 'error', code: 'ACCESS_DENIED' }]);
  expect(of('privileges').map(({ level }) => level)).toEqual(['warning', 'warning']);
  expect(of('connections')).toMatchObject([
    { level: 'warning', message: expect.stringContaining('3 connections') },
    {},
  ]);
});

test('a predicate that a server refuses, and a fence that cannot judge, are told before a run', async () => {
  const where = await diagnose([...urls(), '--tables', 'customers', '--where', 'nothing > 1']);
  expect(where.of('table', 'customers')).toMatchObject([{ level: 'error', code: 'PREDICATE_REFUSED' }]);
  const fence = ['--fence', 'heartbeat', '--fence-upstream', 'source', '--fence-column', 'nothing.at'];
  const fenced = await diagnose([...urls(), '--tables', 'customers', ...fence]);
  expect(fenced.of('replication')).toMatchObject([{ level: 'error', code: 'FENCE_REFUSED' }]);
});

test('one database under two names is told', async () => {
  const [source] = urls();
  const { code, of } = await diagnose([source, source, '--tables', 'customers']);
  expect(code).toBe(2);
  expect(of('tables')).toMatchObject([{ level: 'error', code: 'SAME_DATABASE' }]);
});

test('a network without TLS is a warning, and TLS that the server lacks an error', async ({ skip }) => {
  const [source, destination] = urls();
  if (new URL(source).hostname !== '127.0.0.1') return skip('the server is not on this machine');
  // It leads here as well, and is no address of a loopback.
  const plain = changed(source, (url) => {
    url.hostname = '0.0.0.0';
  });
  const open = await diagnose([plain, destination, '--tables', 'customers']);
  expect(open.of('tls')).toMatchObject([{ level: 'warning' }, { level: 'ok' }]);
  expect(open.code).toBe(0);
  const verified = changed(source, (url) => url.searchParams.set('tls', 'verify'));
  const strict = await diagnose([verified, destination, '--tables', 'customers']);
  expect(strict.of('tls')).toMatchObject([{ subject: 'source', level: 'error', code: 'TLS_REFUSED' }, {}]);
});

test('a proxy that changes a setting of the session is told', async () => {
  const [source, destination] = urls();
  const proxy = await settingChanger(new URL(source), {
    from: "time_zone = '+00:00'",
    to: "time_zone = '+05:00'",
  });
  try {
    const through = changed(source, (url) => {
      url.host = proxy.host;
    });
    const { code, of } = await diagnose([through, destination, '--tables', 'customers']);
    expect(code).toBe(2);
    expect(of('session')).toMatchObject([
      {
        subject: 'source',
        level: 'error',
        code: 'SESSION_NOT_AS_ASKED',
        message: expect.stringContaining('time_zone'),
      },
      { subject: 'destination', level: 'ok' },
    ]);
  } finally {
    await proxy.close();
  }
});

/** Replaces a text by one of the same length in what goes to the server. */
async function settingChanger(
  { hostname, port }: URL,
  { from, to }: { readonly from: string; readonly to: string },
) {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const onward = connectTo(Number(port), hostname);
    for (const socket of [client, onward]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('data', (bytes) =>
      onward.write(Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1')),
    );
    client.on('close', () => onward.destroy());
    onward.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

test('a folder that cannot be written, and a disk that is nearly full, are told', async ({ skip }) => {
  await using cli = await testCli({});
  const missing = await cli.run([
    'doctor',
    ...urls(),
    '--tables',
    'customers',
    '--ledger',
    'nowhere/run.sqlite',
  ]);
  expect(missing).toMatchObject({ code: 2, stdout: expect.stringContaining('ENOENT') });
  const disk = mountSmallDisk(cli.folder, '1m');
  if (!disk) return skip('no file system can be mounted here');
  try {
    await chmod(disk.path, 0o755);
    await mkdir(join(disk.path, 'kept'));
    const ledger = join(disk.path, 'kept', 'run.sqlite');
    const full = await cli.run(['doctor', ...urls(), '--tables', 'customers', '--ledger', ledger]);
    expect(full).toMatchObject({ code: 2, stdout: expect.stringContaining('✗ disk') });
    expect(existsSync(ledger)).toBe(false);
  } finally {
    disk[Symbol.dispose]();
  }
});

test('for a person it is lines of at most 80 characters, and each ✗ says how to mend it', async () => {
  await using cli = await testCli({});
  const { code, stdout } = await cli.run(['doctor', ...urls()]);
  expect(code).toBe(2);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(stdout).toMatch(/✗ table {7}Table only_here is on the source/);
  expect(stdout).toMatch(/! table {7}logs: no key[^✗]*→ Add a primary key/);
  expect(stdout.trimEnd().split('\n').at(-2)).toMatch(/^\d+ errors?, \d+ warnings?\./);
});

describe.skipIf(whyNotNative('sql'))('a server of its own', () => {
  let own: OwnSql;
  beforeAll(async () => {
    // NOW() of every session but root's is of the year 2001.
    own = await startOwnSql(() => undefined, {
      options: ['--init-connect=SET timestamp=1000000000', '--max-connections=20'],
    });
    const { name } = databases.source;
    await createDatabase(own.server, name);
    const admin = await connect(own.server, name);
    for (const sql of TABLES) await admin.query(sql);
    await admin.query(`CREATE USER 'late'@'%' IDENTIFIED BY 'l'`);
    await admin.query(`GRANT SELECT ON ${name}.* TO 'late'@'%'`);
    await admin.end();
  });
  afterAll(() => own?.stop());

  const late = (): string =>
    changed(databaseUrl(own.server, databases.source.name), (url) => {
      url.username = 'late';
      url.password = 'l';
    });

  test('a clock that is off is told', async () => {
    const [, destination] = urls();
    const { of, code } = await diagnose([late(), destination, '--tables', 'customers']);
    expect(of('clock')).toMatchObject([
      { level: 'warning', message: expect.stringMatching(/\d+ days behind/) },
    ]);
    expect(code).toBe(0);
    const since = ['--changed-since', '2026-11-27T08:00:00Z', '--changed-column', 'id'];
    const changedOnly = await diagnose([late(), destination, '--tables', 'customers', ...since]);
    expect(changedOnly.of('clock')).toMatchObject([{ level: 'error' }]);
  });

  test('a server with few connections left is told', async () => {
    const [, destination] = urls();
    const others = await Promise.all(Array.from({ length: 14 }, () => connect(own.server)));
    try {
      const { of } = await diagnose([late(), destination, '--tables', 'customers']);
      expect(of('connections')).toMatchObject([
        { level: 'warning', message: expect.stringMatching(/^1[4-6] of 20/) },
        {},
      ]);
    } finally {
      await Promise.all(others.map((other) => other.end()));
    }
  });
});

test.skipIf(whyNotSecured('sql'))('TLS that was checked is well, TLS that was not is a warning', async () => {
  const secured = await startSecuredSql(() => undefined);
  try {
    const { name } = databases.source;
    await createDatabase(secured.server, name);
    const admin = await connect(secured.server, name);
    for (const sql of TABLES) await admin.query(sql);
    await admin.end();
    const [, destination] = urls();
    const secure = (host: string, options: Readonly<Record<string, string>>) =>
      changed(databaseUrl(secured.server, name), (url) => {
        url.hostname = host;
        for (const [option, value] of Object.entries(options)) url.searchParams.set(option, value);
      });
    const tlsOf = async (source: string) =>
      (await diagnose([source, destination, '--tables', 'customers'])).of('tls')[0];
    // The certificate names localhost alone.
    const verified = await tlsOf(secure('localhost', { tls: 'verify', tlsCa: secured.certificates.ca }));
    expect(verified).toMatchObject({
      level: 'ok',
      message: expect.stringMatching(/^TLSv1\.\d.*names the host/),
    });
    // It leads here as well, and is no address of a loopback.
    expect(await tlsOf(secure('0.0.0.0', { tls: 'unverified' }))).toMatchObject({ level: 'warning' });
    expect(await tlsOf(secure('localhost', { tls: 'verify' }))).toMatchObject({ code: 'TLS_REFUSED' });
  } finally {
    await secured.stop();
  }
});

test.skipIf(whyNotNative('sql'))(
  'a replica is known as one, and one that lacks transactions is told',
  async () => {
    const pair = await startCheckedPair(TABLES);
    try {
      await using cli = await pair.cli('SRC');
      const well = doctorReport.parse(
        JSON.parse((await cli.run(['doctor', '--json', '--tables', 'customers'])).stdout),
      );
      expect(well.findings.filter(({ check }) => check === 'replication')).toMatchObject([{ level: 'ok' }]);
      await pair.stopApplier();
      await pair.onPrimary("INSERT INTO customers VALUES (1, 'a')");
      const late = doctorReport.parse(
        JSON.parse((await cli.run(['doctor', '--json', '--tables', 'customers'])).stdout),
      );
      expect(late.findings.filter(({ check }) => check === 'replication')).toMatchObject([
        { level: 'ok' },
        { level: 'warning', message: expect.stringContaining('lacked 1 transaction') },
      ]);
    } finally {
      await pair.stop();
    }
  },
);
