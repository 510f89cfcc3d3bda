// The quick start as its page has it: every command, in order, in an empty folder, on the databases of the example.
// What a command prints must have the lines that the page shows. The page leaves out times, places and ids.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@rowparity/testkit';
import { type FreshDatabase, freshDatabases } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { whyNoTerminal } from '../../apps/cli/src/testing/pseudoTerminal.ts';
import { openTerminal } from '../../apps/cli/src/testing/terminal.ts';
import { type TestCli, testCli } from '../../apps/cli/src/testing/testCli.ts';
import { wordsOfCommand } from './commandLines.ts';
import { missingLine, type PageStep, stepsOf } from './pageSteps.ts';
import { readPage } from './pages.ts';

const PAGE = 'docs/quick-start.md';
const TIMEOUT_MS = 180_000;
/** What the page says of each command's end. */
const CODES: Readonly<Record<string, readonly number[]>> = { check: [1, 0], diff: [1] };
/** What a person answers. */
const ANSWERS = ['Names, or patterns', 'Is the source', 'Events'] as const;

let databases: Readonly<Record<'source' | 'destination', FreshDatabase>>;
let cli: TestCli;

beforeAll(async () => {
  databases = await freshDatabases();
  for (const side of ['source', 'destination'] as const) {
    const ofExample = statementsIn(readPage(`deploy/example/${side}.sql`));
    // The example makes its own user and database.
    await execute(
      databases[side],
      ofExample.filter((statement) => !/^(?:CREATE USER|GRANT|USE)/.test(statement)),
    );
  }
  cli = await testCli({
    NO_COLOR: '1',
    ROWPARITY_CONNECTION_SOURCE: databases.source.url,
    ROWPARITY_CONNECTION_DESTINATION: databases.destination.url,
  });
});

afterAll(async () => {
  await cli?.[Symbol.asyncDispose]();
  for (const { drop } of Object.values(databases ?? {})) await drop();
});

test('every command of the quick start does what the page says', { timeout: TIMEOUT_MS }, async () => {
  const codes = Object.fromEntries(Object.entries(CODES).map(([name, all]) => [name, [...all]]));
  for (const step of stepsOf(PAGE)) {
    const [, , name = ''] = step.command.split(' ');
    const { code, printed } = name === 'init' ? await initialize(step) : await run(step);
    expect([step.command, code], printed).toEqual([step.command, codes[name]?.shift() ?? 0]);
    expect(missingLine(step.shown, printed), printed).toBeUndefined();
    // The page tells a person to run it with the client of MySQL.
    if (name === 'repair') await execute(databases.destination, statementsIn(await fileText('repair.sql')));
  }
});

async function run({ command }: PageStep) {
  const { code, stdout, stderr } = await cli.run(wordsOfCommand(command.replace('npx rowparity ', '')));
  return { code, printed: stdout + stderr };
}

/** At a terminal; where the machine has none, the file is the one that the page shows. */
async function initialize({ shown }: PageStep) {
  if (whyNoTerminal) {
    await writeFile(join(cli.folder, 'run.yaml'), shownFile());
    return { code: 0, printed: shown.join('\n') };
  }
  const terminal = openTerminal(['init'], { cwd: cli.folder, env: {} });
  const answers = [
    ['or host', databases.source.url],
    ['or host', databases.destination.url],
    ...ANSWERS.map((question) => [question, ''] as const),
  ] as const;
  for (const [question, typed] of answers) {
    await terminal.shows(question);
    await terminal.shows(': ');
    terminal.type(`${typed}\r`);
  }
  const { code, shown: printed } = await terminal.end;
  expect((await fileText('run.yaml')).replaceAll(/^#.*\n/gm, '')).toBe(shownFile());
  return { code, printed: printed.replaceAll('\r', '') };
}

function shownFile(): string {
  return /^```yaml\n([\s\S]*?)^```$/m.exec(readPage(PAGE))?.[1] ?? '';
}

function fileText(name: string): Promise<string> {
  return readFile(join(cli.folder, name), 'utf8');
}

function statementsIn(sql: string): readonly string[] {
  return sql
    .replaceAll(/^--.*\n/gm, '')
    .split(/;\n/)
    .map((statement) => statement.trim())
    .filter(Boolean);
}

async function execute({ server, name }: FreshDatabase, statements: readonly string[]): Promise<void> {
  const admin = await connect(server, name);
  try {
    for (const statement of statements) await admin.query(statement);
  } finally {
    await admin.end();
  }
}
