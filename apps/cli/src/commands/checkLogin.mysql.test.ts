/** Logins as people who run databases have them: option files, a prompt, unix sockets. */
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@rowparity/testkit';
import { type FreshDatabase, freshDatabases } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whyNoTerminal } from '../testing/pseudoTerminal.ts';
import { openTerminal } from '../testing/terminal.ts';
import { type TestCli, testCli } from '../testing/testCli.ts';

/** Every character that a URL, an option file or a shell gives a meaning. */
const PASSWORD = `a#b;c'd"e\\f @:/?%g`;
const IN_FILE = `"a#b;c\\'d\\"e\\\\f @:/?%g"`;
const PRIVATE = 0o600;
const CHECK = ['check', '--tables', 'orders', '--quiet'];

let databases: Readonly<Record<'source' | 'destination', FreshDatabase>>;
let user: string;

beforeAll(async () => {
  databases = await freshDatabases();
  user = `reader_${databases.source.name}`.slice(0, 32);
  for (const { server, name } of Object.values(databases)) {
    const admin = await connect(server, name);
    await admin.query('CREATE TABLE orders (id INT PRIMARY KEY)');
    await admin.query('INSERT INTO orders VALUES (1)');
    await admin.query('CREATE USER ?@? IDENTIFIED BY ?', [user, '%', PASSWORD]);
    await admin.query('CREATE USER ?@? IDENTIFIED BY ?', [user, 'localhost', PASSWORD]);
    await admin.query(`GRANT SELECT ON ${name}.* TO '${user}'@'%', '${user}'@'localhost'`);
    await admin.end();
  }
});

afterAll(async () => {
  for (const { server, drop } of Object.values(databases ?? {})) {
    const admin = await connect(server);
    await admin.query(`DROP USER '${user}'@'%', '${user}'@'localhost'`);
    await admin.end();
    await drop();
  }
});

/** A file in which the place is `[client]` and the rest a group of its own. */
async function optionFiles({ folder }: TestCli, lines = `password=${IN_FILE}`): Promise<readonly string[]> {
  const flags: string[] = [];
  for (const place of ['source', 'destination'] as const) {
    const { host, port } = databases[place].server;
    const file = join(folder, `${place}.cnf`);
    const client = `# ours\n[client]\nhost=${host}\nport=${port}\nuser=reader\n`;
    await writeFile(file, `${client}\n[rowparity]\nuser = ${user}\n${lines}\n`, { mode: PRIVATE });
    flags.push(`--${place}-defaults-file`, file, `--${place}-defaults-group`, 'rowparity');
  }
  return flags;
}

function bareUrl(place: 'source' | 'destination'): string {
  const { server, name } = databases[place];
  return `mysql://${user}@${server.host}:${server.port}/${name}`;
}

test('an option file gives host, user and an awkward password, a URL argument the database', async () => {
  await using cli = await testCli({ ROWPARITY_CONNECTION_SOURCE: 'mysql://is-not-read/x' });
  const files = await optionFiles(cli);
  const shop = `mysql:///${databases.source.name}`;
  expect(await cli.run([...CHECK, shop, shop, ...files])).toMatchObject({ code: 0, stderr: '' });
  const end = await cli.run([...CHECK, ...files]);
  expect(end).toMatchObject({ code: 2, stdout: '' });
  expect(end.stderr).toContain('expected a database');
});

test('a file with a password that others can read is warned about, and used', async () => {
  await using cli = await testCli({});
  const files = await optionFiles(cli, `password=${IN_FILE}\ndatabase=${databases.source.name}`);
  await chmod(join(cli.folder, 'source.cnf'), 0o644);
  const end = await cli.run([...CHECK, ...files]);
  expect(end.code, end.stderr).toBe(0);
  expect(end.stderr).toContain('chmod 600');
  expect(end.stderr.match(/mode 644/g)).toHaveLength(1);
});

test.each([
  [['--source-defaults-file', 'nothing.cnf'], 'ENOENT'],
  [['--source-defaults-file', 'wrong.cnf'], '!include'],
  [['--source-defaults-group', 'old'], '--source-defaults-file'],
  [['--ask-password'], 'no terminal|standard input is none'],
])('%j is refused before a server is asked', async (flags, said) => {
  await using cli = await testCli({});
  await writeFile(join(cli.folder, 'wrong.cnf'), '[client]\n!include other.cnf\n');
  const urls = flags[0]?.endsWith('file') ? [] : [bareUrl('source'), bareUrl('destination')];
  const end = await cli.run([...CHECK, ...urls, ...flags]);
  expect(end).toMatchObject({ code: 2, stdout: '' });
  expect(end.stderr).toMatch(new RegExp(said));
});

test('a password with a character that a URL gives a meaning is named, and not shown', async () => {
  await using cli = await testCli({ ROWPARITY_CONNECTION_SOURCE: 'mysql://reader:se/cret@db1/shop' });
  const end = await cli.run([...CHECK]);
  expect(end.code).toBe(2);
  expect(end.stderr).toContain('"/" as %2F');
  expect(end.stderr).not.toContain('cret');
});

test('a unix socket is a place of its own', async ({ skip }) => {
  const admin = await connect(databases.source.server);
  const [rows] = await admin.query('SELECT @@socket AS path');
  await admin.end();
  const [{ path = '' } = {}] = rows as { readonly path: string }[];
  if (!existsSync(path)) return skip('the server is on another machine');
  await using cli = await testCli({});
  const login = `${user}:${encodeURIComponent(PASSWORD)}`;
  const source = `mysql://${login}@localhost/${databases.source.name}?socket=${path}`;
  const destination = bareUrl('destination').replace(user, login);
  const end = await cli.run(['check', source, destination, '--tables', 'orders', '--report', 'run.json']);
  expect(end.code, end.stderr).toBe(0);
});

describe.skipIf(whyNoTerminal)(whyNoTerminal ?? 'at a terminal', () => {
  test('passwords are asked for one by one, and not shown', async () => {
    await using cli = await testCli({});
    const args = [...CHECK, bareUrl('source'), bareUrl('destination'), '--ask-password'];
    const terminal = openTerminal(args, { cwd: cli.folder, env: {} });
    for (const place of ['source', 'destination']) {
      await terminal.shows(`Password of ${user} on the ${place}`);
      await terminal.shows(': ');
      terminal.type(`x\x7f${PASSWORD}\r`);
    }
    const { code, shown } = await terminal.end;
    expect(code, shown).toBe(0);
    expect(shown).not.toContain('b;c');
  });

  test('a wrong password ends the command, and Ctrl-C while one is asked for does, too', async () => {
    await using cli = await testCli({});
    const source = bareUrl('source').replace(user, `${user}:${encodeURIComponent(PASSWORD)}`);
    const args = [...CHECK, source, bareUrl('destination'), '--ask-password'];
    const wrong = openTerminal(args, { cwd: cli.folder, env: {} });
    await wrong.shows('on the destination');
    await wrong.shows(': ');
    wrong.type('wrong\r');
    expect(await wrong.end).toMatchObject({
      code: 2,
      shown: expect.stringMatching(/destination.*(access denied|wrong password)/i),
    });
    const left = openTerminal(args, { cwd: cli.folder, env: {} });
    await left.shows(': ');
    left.type('\x03');
    expect(await left.end).toMatchObject({
      code: 2,
      shown: expect.stringContaining('no password was given'),
    });
  });
});
