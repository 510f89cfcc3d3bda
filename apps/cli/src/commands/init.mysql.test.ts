/** `rowparity init` as a person uses it, at a terminal. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@rowparity/testkit';
import { type FreshDatabase, freshDatabases } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whyNoTerminal } from '../testing/pseudoTerminal.ts';
import { openTerminal, type Terminal } from '../testing/terminal.ts';
import { type TestCli, testCli } from '../testing/testCli.ts';

let databases: Readonly<Record<'source' | 'destination', FreshDatabase>>;

beforeAll(async () => {
  databases = await freshDatabases();
  for (const [place, { server, name }] of Object.entries(databases)) {
    const admin = await connect(server, name);
    await admin.query('CREATE TABLE orders (id INT PRIMARY KEY)');
    await admin.query('INSERT INTO orders VALUES (1)');
    if (place === 'source') await admin.query('CREATE TABLE only_here (id INT PRIMARY KEY)');
    await admin.end();
  }
});

afterAll(async () => {
  for (const { drop } of Object.values(databases ?? {})) await drop();
});

const variables = () => ({
  ROWPARITY_CONNECTION_SOURCE: databases.source.url,
  ROWPARITY_CONNECTION_DESTINATION: databases.destination.url,
});

/** Answers questions by their beginnings, in order; Enter alone is the empty answer. */
async function answers(terminal: Terminal, ...all: readonly (readonly [string, string])[]): Promise<void> {
  for (const [question, typed] of all) {
    await terminal.shows(question);
    await terminal.shows(': ');
    terminal.type(`${typed}\r`);
  }
}

async function fileOf(cli: TestCli): Promise<string> {
  return (await cli.lines('run.yaml')).join('\n');
}

test('without a terminal it says how to write the file by hand', async () => {
  await using cli = await testCli(variables());
  const end = await cli.run(['init']);
  expect(end).toMatchObject({ code: 2, stdout: '' });
  expect(end.stderr).toMatch(/no terminal.*run\.yaml by hand(.|\n)*pattern: "\*"/);
});

describe.skipIf(whyNoTerminal)(whyNoTerminal ?? 'at a terminal', () => {
  test('wrong answers are asked again, the file is one that check takes, and no password is in it', async () => {
    await using cli = await testCli({});
    const [source, destination] = [databases.source, databases.destination];
    const terminal = openTerminal(['init'], { cwd: cli.folder, env: {} });
    await answers(
      terminal,
      ['or host', source.server.host],
      ['Port', String(source.server.port)],
      ['User', source.server.user],
      ['Password', 'wrong-word'],
      ['Database', source.name],
    );
    await terminal.shows('✗ login');
    await answers(terminal, ['Correct it?', ''], ['or host', 'mysql://u:se/cret@h/d']);
    await terminal.shows('"/" as %2F');
    await answers(
      terminal,
      ['or host', ''],
      ['Port', ''],
      ['User', ''],
      ['Password', source.server.password],
      ['Database', ''],
    );
    await terminal.shows('✓ login');
    await answers(terminal, ['or host', destination.url]);
    await terminal.shows('✓ login');
    await answers(terminal, ['Names, or patterns', '']);
    await terminal.shows('only_here');
    await answers(terminal, ['Leave out', 'y'], ['Is the source', ''], ['Events', '']);
    const { code, shown } = await terminal.end;
    expect(code, shown).toBe(0);
    expect(shown).not.toMatch(/wrong-word/);
    expect(shown).not.toContain(source.server.password);
    expect(shown).toMatch(/export ROWPARITY_CONNECTION_SOURCE='mysql:\/\/\w+:PASSWORD@/);
    expect(await fileOf(cli)).toContain('- only_here');
    expect(await fileOf(cli)).not.toMatch(/PASSWORD|wrong-word/);
    await using checked = await testCli(variables());
    for (const command of ['doctor', 'check']) {
      const end = await checked.run([command, '--spec', join(cli.folder, 'run.yaml')]);
      expect(end.code, end.stderr).toBe(0);
    }
  });

  test('connections of the environment are offered; for the services a topic and an id are asked', async () => {
    await using cli = await testCli({});
    const terminal = openTerminal(['init', 'own.yaml'], { cwd: cli.folder, env: variables() });
    await answers(
      terminal,
      ['is set already', ''],
      ['is set already', ''],
      ['Names, or patterns', 'orders'],
      ['Is the source', 'n'],
      ['Events', 'kafka:no topic'],
      ['Events', 'kafka:dbMove'],
      ['Id of the run', 'orders-1'],
    );
    const { code, shown } = await terminal.end;
    expect(code, shown).toBe(0);
    expect(shown).not.toContain('export ');
    expect(shown).toContain('rowparity submit own.yaml');
    const text = (await cli.lines('own.yaml')).join('\n');
    for (const part of ['runId: orders-1', 'direction: DST', 'name: orders', 'topic: dbMove']) {
      expect(text).toContain(part);
    }
  });

  test('a file that is there is kept, unless --force is given; Ctrl-C writes nothing', async () => {
    await using cli = await testCli({});
    await writeFile(join(cli.folder, 'run.yaml'), 'mine\n');
    const place = { cwd: cli.folder, env: variables() };
    const refused = await openTerminal(['init'], place).end;
    expect(refused).toMatchObject({ code: 2, shown: expect.stringContaining('--force') });
    const left = openTerminal(['init', '--force'], place);
    await answers(left, ['is set already', '']);
    await left.shows('is set already');
    left.type('\x03');
    expect(await left.end).toMatchObject({
      code: 2,
      shown: expect.stringContaining('no run.yaml was written'),
    });
    expect(await fileOf(cli)).toBe('mine');
  });
});
