/**
 * The real command on a terminal of a given size, and what a person sees there. The terminal is a pseudo-terminal from
 * util-linux's `script`, the screen xterm's own emulator without a window.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';

const BIN = fileURLToPath(new URL('../../bin/rowparity.mjs', import.meta.url));
const SCRIPT = '/usr/bin/script';
/** Everything that scrolled away is kept. */
const SCROLLBACK = 100_000;

export const whyNoTerminal = existsSync(SCRIPT) ? undefined : 'skipped: no script program of util-linux here';

export interface TerminalScreen {
  /** What is on the screen now. */
  screen(): Promise<readonly string[]>;
  /** Resolves when something more was drawn. */
  drawn(): Promise<void>;
  /** All lines, from the first to the last one that has text. */
  readonly end: Promise<{ readonly code: number | null; readonly lines: readonly string[] }>;
}

export interface ScreenOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly size: { readonly columns: number; readonly rows: number };
}

export function terminalScreen(args: readonly string[], { cwd, env, size }: ScreenOptions): TerminalScreen {
  const { columns, rows } = size;
  const terminal = new xterm.Terminal({
    ...{ cols: columns, rows, scrollback: SCROLLBACK, allowProposedApi: true },
  });
  // A pseudo-terminal has no size of its own: the first thing that runs on it gives it one.
  const words = [process.execPath, BIN, ...args].map(quoted).join(' ');
  const command = `stty cols ${columns} rows ${rows} && exec ${words}`;
  const child = spawn(SCRIPT, ['-qefc', command, '/dev/null'], {
    cwd,
    env: { PATH: process.env.PATH ?? '', TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdout.on('data', (chunk: Buffer) => terminal.write(chunk));
  const flushed = () => new Promise<void>((resolve) => terminal.write('', resolve));
  const linesFrom = (first: number, total: number) =>
    Array.from(
      { length: total },
      (_, i) => terminal.buffer.active.getLine(first + i)?.translateToString(true) ?? '',
    );
  return {
    async screen() {
      await flushed();
      return linesFrom(terminal.buffer.active.baseY, rows);
    },
    drawn: async () => void (await once(child.stdout, 'data')),
    end: once(child, 'close').then(async ([code]) => {
      await flushed();
      const all = linesFrom(0, terminal.buffer.active.length);
      return { code, lines: all.slice(0, all.findLastIndex((line) => line !== '') + 1) };
    }),
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
