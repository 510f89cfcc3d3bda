/**
 * A picture on a terminal that is drawn over and over, and lines that stay above it. log-update does the drawing: it
 * moves the cursor, changes only the lines that differ, and knows when the window is resized.
 */
import { createRequire } from 'node:module';
import type { WriteStream } from 'node:tty';
import { type Screen, USUAL_SCREEN } from './runPicture.ts';

export interface LiveView {
  readonly screen: Screen;
  draw(lines: readonly string[]): void;
  /** A line that stays, above the picture. */
  say(line: string): void;
  /** Takes the picture away; what is written afterwards begins where it was. */
  clear(): void;
}

const require = createRequire(import.meta.url);

export function liveView(stream: WriteStream): LiveView {
  // Loaded here, since most starts draw nothing.
  const { createLogUpdate } = require('log-update') as typeof import('log-update');
  const update = createLogUpdate(stream, { showCursor: true });
  let picture = '';
  return {
    get screen() {
      // A terminal that does not know its size says 0.
      const { columns, rows } = stream;
      return { columns: columns || USUAL_SCREEN.columns, rows: rows || USUAL_SCREEN.rows };
    },
    draw(lines) {
      picture = lines.join('\n');
      update(picture);
    },
    say(line) {
      update.persist(line);
      if (picture !== '') update(picture);
    },
    clear() {
      picture = '';
      update.clear();
    },
  };
}
