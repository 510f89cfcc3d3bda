/** Draws lines on a terminal over what was drawn before. */
import type { WriteStream } from 'node:tty';

export function redrawing(terminal: WriteStream): (lines: readonly string[]) => void {
  let drawn = 0;
  return (lines) => {
    const up = drawn > 0 ? `\x1b[${drawn}A` : '';
    terminal.write(`${up}${lines.map((line) => `\x1b[2K${line}\n`).join('')}\x1b[0J`);
    drawn = lines.length;
  };
}
