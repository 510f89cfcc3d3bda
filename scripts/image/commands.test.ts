// What the commands of the image start, seen with a program in Node's place that writes what it was given.

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const COMMANDS = join(import.meta.dirname, '..', '..', 'deploy', 'bin');

const folder = mkdtempSync(join(tmpdir(), 'rowparity-commands-'));
const standIn = join(folder, 'node');
writeFileSync(standIn, `#!/bin/sh\nprintf '%s ' "arenas=$MALLOC_ARENA_MAX" "$@"\n`);
chmodSync(standIn, 0o755);
afterAll(() => rmSync(folder, { recursive: true }));

function started(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const path = `${folder}:${process.env.PATH}`;
  return execFileSync('sh', [join(COMMANDS, command), ...args], {
    env: { PATH: path, ...env },
    encoding: 'utf8',
  });
}

it.each([
  ['four shards when nothing is said', [], {}, 88],
  ['the variable', [], { ROWPARITY_CONCURRENCY: '16' }, 160],
  ['the flag before the variable', ['--concurrency', '2'], { ROWPARITY_CONCURRENCY: '16' }, 76],
  ['the flag as one word', ['--concurrency=64'], {}, 448],
  ['an empty variable', [], { ROWPARITY_CONCURRENCY: '' }, 88],
  ['nonsense, which the worker refuses', ['--concurrency', '$(id)'], {}, 88],
  ['a number that a shell reads as octal', ['--concurrency', '08'], {}, 88],
  ['a number that no worker takes', ['--concurrency', '4096'], {}, 88],
])('a worker has memory for its shards: %s', (_, args, env, heapMiB) => {
  const told = started('worker', args, env);
  expect(told).toContain(`arenas=2 --max-old-space-size=${heapMiB} --max-semi-space-size=2 `);
  expect(told.endsWith(['/rowparity/apps/worker/src/main.js', ...args, ''].join(' '))).toBe(true);
});

it.each([
  ['coordinator', '/rowparity/apps/coordinator/src/main.js'],
  ['reporter', '/rowparity/apps/reporter/src/main.js'],
  ['rowparity', '/rowparity/apps/cli/bin/rowparity.mjs'],
])('%s hands on what it is given, word by word', (command, program) => {
  expect(started(command, ['--note', 'two  words'])).toContain(`${program} --note two  words `);
});
