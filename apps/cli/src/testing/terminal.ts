/** The real command at a terminal: util-linux's `script` gives it one, and what is shown can be waited for. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/rowparity.mjs', import.meta.url));
const SCRIPT = '/usr/bin/script';

export interface Terminal {
  /** Resolves when the text was shown behind what was waited for before; throws when the command ends without it. */
  shows(text: string): Promise<void>;
  type(keys: string): void;
  /** All that was shown, with the exit code. */
  readonly end: Promise<{ readonly code: number | null; readonly shown: string }>;
}

export const whyNoTerminal = existsSync(SCRIPT) ? undefined : 'skipped: no script program of util-linux here';

export function openTerminal(
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Terminal {
  const command = [process.execPath, BIN, ...args].map(quoted).join(' ');
  const child = spawn(SCRIPT, ['-qefc', command, '/dev/null'], {
    cwd,
    env: { PATH: process.env.PATH ?? '', SHELL: '/bin/sh', TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  let seen = 0;
  let wake = () => {};
  let isOver = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    wake();
  });
  const end = once(child, 'close').then(([code]) => {
    isOver = true;
    wake();
    return { code: code as number | null, shown };
  });
  return {
    async shows(text) {
      for (;;) {
        const place = shown.indexOf(text, seen);
        if (place >= 0) {
          seen = place + text.length;
          return;
        }
        if (isOver) throw new Error(`the command ended without showing ${JSON.stringify(text)}:\n${shown}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    type: (keys) => void child.stdin.write(keys),
    end,
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
