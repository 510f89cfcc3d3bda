/** The real command on a pseudo-terminal, which util-linux's `script` gives it. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/rowparity.mjs', import.meta.url));
const SCRIPT = '/usr/bin/script';

export const whyNoTerminal = existsSync(SCRIPT) ? undefined : 'skipped: no script program of util-linux here';

export interface TerminalOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly size: { readonly columns: number; readonly rows: number };
}

export function onTerminal(
  args: readonly string[],
  { cwd, env, size: { columns, rows } }: TerminalOptions,
): ChildProcessByStdio<Writable, Readable, null> {
  // A pseudo-terminal has no size of its own: the first thing that runs on it gives it one.
  const words = [process.execPath, BIN, ...args].map(quoted).join(' ');
  const command = `stty cols ${columns} rows ${rows} && exec ${words}`;
  return spawn(SCRIPT, ['-qefc', command, '/dev/null'], {
    cwd,
    env: { PATH: process.env.PATH ?? '', TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
