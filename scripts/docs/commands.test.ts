import { beforeAll, expect, test } from 'vitest';
import { buildProgram } from '../../apps/cli/src/program.ts';
import { type CommandLine, codeLinesOf, commandLinesOf, wordsOfCommand } from './commandLines.ts';
import { listFiles, readPage } from './pages.ts';

type Command = ReturnType<typeof buildProgram>;

const PAGES = [
  'README.md',
  'scripts/pack/README.md',
  ...listFiles('docs/*.md'),
  ...listFiles('apps/*/README.md'),
];
const LINES = PAGES.flatMap(commandLinesOf);

/** The whole command line, of which no command does anything. */
function idleProgram(): Command {
  const program = buildProgram();
  for (const command of commandsBelow(program)) {
    command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
    if (command.commands.length === 0 || command.registeredArguments.length > 0) command.action(() => {});
  }
  return program;
}

function commandsBelow(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(commandsBelow)];
}

function problemOf(words: readonly string[]): string | undefined {
  try {
    idleProgram().parse(words, { from: 'user' });
    return undefined;
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    return code === 'commander.version' || code === 'commander.helpDisplayed' ? undefined : message;
  }
}

let scripts: readonly string[];
beforeAll(() => {
  scripts = Object.keys((JSON.parse(readPage('package.json')) as { readonly scripts: object }).scripts);
});

test('the pages show many commands, and the README and the quick start are among them', () => {
  expect(LINES.length).toBeGreaterThan(60);
  expect(new Set(LINES.map(({ page }) => page))).toContain('README.md');
});

const named = ({ page, text, words }: CommandLine) => ({ page, text, words });

test.each(LINES.filter(({ program }) => program === 'rowparity').map(named))('$page: $text', ({ words }) => {
  expect(problemOf(words)).toBeUndefined();
});

test.each(LINES.filter(({ program }) => program === 'npm run').map(named))('$page: $text', ({ words }) => {
  expect(scripts).toContain(words[0]);
});

/** Between backticks in the text: the command and its options must exist, but words may be missing. */
const INLINE = PAGES.flatMap((page) =>
  [...readPage(page).matchAll(/`rowparity ([a-z][^`\n]*)`/g)].map(([, text = '']) => ({ page, text })),
);

test.each(INLINE)('$page names a command with options that it has: rowparity $text', ({ text }) => {
  const words = wordsOfCommand(text);
  let command: Command = idleProgram();
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (!next) break;
    command = next;
  }
  expect(command.name(), `no command: ${text}`).not.toBe('rowparity');
  const known = command.options.map(({ long }) => long);
  const told = words.filter((word) => word.startsWith('--')).map((word) => word.replace(/=.*|[.,;:]$/, ''));
  expect(told.filter((option) => option !== '--help' && !known.includes(option))).toEqual([]);
});

test.each([
  ['check --tabels x', /unknown option '--tabels'/],
  ['chek', /unknown command 'chek'/],
  ['watch', /missing required argument/],
  ['watch a b', /too many arguments/],
  ['gate --direction SOUTH', /Allowed choices/],
  ['migration putt a b', /unknown command 'putt'/],
])('what the command line does not take is found: %s', (text, expected) => {
  expect(problemOf(wordsOfCommand(text))).toMatch(expected);
});

test('words are read as a shell reads them', () => {
  expect(wordsOfCommand(`check mysql://h/d --tables '*' --where "a = 'b'"`)).toEqual([
    'check',
    'mysql://h/d',
    '--tables',
    '*',
    '--where',
    "a = 'b'",
  ]);
  expect(codeLinesOf('text\n```\na \\\n  b\n```\n\n    c\n')).toEqual(expect.arrayContaining(['a b', 'c']));
});
