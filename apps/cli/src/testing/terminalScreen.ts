/**
 * The real command on a terminal of a given size, and what a person sees there. The screen is xterm's own emulator
 * without a window.
 */
import { once } from 'node:events';
import xterm from '@xterm/headless';
import { onTerminal, type TerminalOptions } from './pseudoTerminal.ts';

/** Everything that scrolled away is kept. */
const SCROLLBACK = 100_000;

export interface TerminalScreen {
  /** What is on the screen now. */
  screen(): Promise<readonly string[]>;
  /** Resolves when something more was drawn. */
  drawn(): Promise<void>;
  /** All lines, from the first to the last one that has text. */
  readonly end: Promise<{ readonly code: number | null; readonly lines: readonly string[] }>;
}

export function terminalScreen(args: readonly string[], options: TerminalOptions): TerminalScreen {
  const { columns, rows } = options.size;
  const terminal = new xterm.Terminal({
    ...{ cols: columns, rows, scrollback: SCROLLBACK, allowProposedApi: true },
  });
  const child = onTerminal(args, options);
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
