import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { completionScript } from './completionScripts.ts';
import { completionTree } from './completionTree.ts';

function program(): Command {
  const root = new Command('rowparity').description('proves').option('--version', 'show the version');
  root
    .command('check')
    .description("it's a check: of rows")
    .option('--events <file>', 'file')
    .option('--limit <rows>', 'rows')
    .option('--quiet', 'no progress');
  root
    .command('diff')
    .description('differences')
    .argument('[events]', 'file')
    .option('--table <name>', 'table');
  const watches = root.command('watches').description('series');
  watches.command('start').description('begin').option('--json', 'JSON');
  return root;
}

const whyNo = (shell: string) =>
  spawnSync(shell, ['-c', 'exit 0']).status === 0 ? '' : `skipped: no ${shell} here`;

function completed(words: readonly string[]): string[] {
  const script = `${completionScript('bash', completionTree(program()))}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _rowparity; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter(Boolean);
}

it.skipIf(whyNo('bash') !== '').each<[readonly string[], readonly string[]]>([
  [
    ['rowparity', ''],
    ['check', 'diff', 'watches', '--version', '--help'],
  ],
  [['rowparity', 'ch'], ['check']],
  [
    ['rowparity', 'check', '--'],
    ['--events', '--limit', '--quiet', '--help'],
  ],
  [['rowparity', 'check', '--limit', ''], []],
  [['rowparity', 'check', '--events', 'completionTree'], ['completionTree.ts']],
  [['rowparity', 'check', '--quiet', '--l'], ['--limit']],
  [['rowparity', 'diff', 'completionTree'], ['completionTree.ts']],
  [
    ['rowparity', 'watches', ''],
    ['start', '--help'],
  ],
  [['rowparity', 'watches', 'start', '--j'], ['--json']],
])(`bash completes %o ${whyNo('bash')}`, (words, expected) => {
  expect(completed(words)).toEqual(expected);
});

it('fish has each command, option and file, with what it is for', () => {
  const script = completionScript('fish', completionTree(program()));
  expect(script).toContain(
    `complete -c rowparity -n '__fish_use_subcommand' -f -a check -d 'it\\'s a check'`,
  );
  expect(script).toContain(
    `complete -c rowparity -n '__fish_seen_subcommand_from check' -l events -d 'file' -r -F`,
  );
  expect(script).toContain(
    `complete -c rowparity -n '__fish_seen_subcommand_from check' -l limit -d 'rows' -x`,
  );
  expect(script).toContain(
    `complete -c rowparity -n '__fish_seen_subcommand_from watches; and __fish_seen_subcommand_from start' -l json -d 'JSON'`,
  );
});

it.skipIf(whyNo('zsh') !== '')(`zsh reads its script ${whyNo('zsh')}`, () => {
  const script = completionScript('zsh', completionTree(program()));
  const { stderr, status } = spawnSync(
    'zsh',
    ['-f', '-c', `autoload -U compinit; compinit -u -D\n${script}`],
    { encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
