/** Colours of the terminal. They only repeat what the words say, and NO_COLOR turns them off. */
import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';

export type Mood = 'good' | 'bad' | 'unknown' | 'quiet' | 'strong';

export type Paint = (mood: Mood, text: string) => string;

const STYLES = { good: 'green', bad: 'red', unknown: 'yellow', quiet: 'dim', strong: 'bold' } as const;

/** For a log or a file. */
export const unpainted: Paint = (_, text) => text;

export function painted(stream: WriteStream): Paint {
  return (mood, text) => styleText(STYLES[mood], text, { stream });
}
