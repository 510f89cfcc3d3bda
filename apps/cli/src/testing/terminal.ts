/** The real command at a terminal, where its questions are waited for and answered. */
import { once } from 'node:events';
import { onTerminal, type TerminalOptions } from './pseudoTerminal.ts';

const SIZE = { columns: 80, rows: 40 } as const;

export interface Terminal {
  /** Resolves when the text was shown behind what was waited for before; throws when the command ends without it. */
  shows(text: string): Promise<void>;
  type(keys: string): void;
  /** All that was shown, with the exit code. */
  readonly end: Promise<{ readonly code: number | null; readonly shown: string }>;
}

export function openTerminal(
  args: readonly string[],
  { cwd, env }: Pick<TerminalOptions, 'cwd' | 'env'>,
): Terminal {
  // What is waited for is text without the codes of colours.
  const child = onTerminal(args, { cwd, env: { NO_COLOR: '1', ...env }, size: SIZE });
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
