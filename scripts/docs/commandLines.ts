// The commands that pages show, as words that a program can parse. It knows of a shell what the pages use: quotes,
// comments, continued lines, redirections, and several commands in a line.

import { readPage } from './pages.ts';

export interface CommandLine {
  readonly page: string;
  /** As the page has it, without prompt and comment. */
  readonly text: string;
  /** Behind `rowparity`, or `npm run`. */
  readonly words: readonly string[];
  readonly program: 'rowparity' | 'npm run';
}

const FENCED = /^```[^\n]*\n([\s\S]*?)^```$/gm;
const PROGRAMS = [
  ['rowparity', /^(?:\$ )?(?:npx )?(?:rowparity|@rowparity\/cli)(?= |$)/],
  ['rowparity', /^(?:\$ )?docker compose run --rm cli(?= )/],
  ['npm run', /^(?:\$ )?npm run(?= )/],
] as const;
/** A quoted text, a separator of commands or a redirection, a comment, or what stands between spaces. */
const WORD = /"(?:[^"\\]|\\.)*"|'[^']*'|&&|\|\|?|;|>>?|#.*$|(?:[^\s"';|&>#]|(?<=\S)#)+/g;

/** The lines of a page's code that begin with one of the programs. */
export function commandLinesOf(page: string): readonly CommandLine[] {
  return codeLinesOf(readPage(page)).flatMap((line) =>
    commandsIn(line).flatMap((text) => commandOf(page, text) ?? []),
  );
}

/** Fenced and indented code; a line that ends with a backslash goes on in the next one. */
export function codeLinesOf(text: string): readonly string[] {
  const fenced = [...text.matchAll(FENCED)].map(([, code = '']) => code);
  const indented = text.replace(FENCED, '').match(/^(?: {4}|\t).*$/gm) ?? [];
  return [...fenced, indented.join('\n')]
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim());
}

/** `a && b # c` is `a` and `b`. */
function commandsIn(line: string): readonly string[] {
  const words = wordsIn(line);
  const commands: string[][] = [[]];
  for (const word of words) {
    if (word.startsWith('#')) break;
    if (/^(?:&&|\|\|?|;)$/.test(word)) commands.push([]);
    else commands.at(-1)?.push(word);
  }
  return commands.map((command) => command.join(' ')).filter(Boolean);
}

function commandOf(page: string, text: string): CommandLine | undefined {
  for (const [program, pattern] of PROGRAMS) {
    const begin = pattern.exec(text)?.[0];
    if (begin === undefined) continue;
    return { page, text, words: wordsOfCommand(text.slice(begin.length)), program };
  }
  return undefined;
}

/** Without quotes, and up to a redirection. */
export function wordsOfCommand(text: string): readonly string[] {
  const words = wordsIn(text);
  const redirection = words.findIndex((word) => /^>>?$/.test(word));
  return (redirection < 0 ? words : words.slice(0, redirection)).map(unquoted);
}

/** Quoted parts stay parts of their word: `mysql:///'a b'` is one. */
function wordsIn(line: string): readonly string[] {
  const words: string[] = [];
  let end = -1;
  for (const { 0: part, index } of line.matchAll(WORD)) {
    const last = words.length - 1;
    if (index === end && !isSign(part) && !isSign(words[last] ?? '')) words[last] += part;
    else words.push(part);
    end = index + part.length;
  }
  return words;
}

function isSign(word: string): boolean {
  return /^(?:&&|\|\|?|;|>>?|#.*)$/.test(word);
}

function unquoted(word: string): string {
  return word.replaceAll(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
    (_, double?: string, single?: string) => double ?? single ?? '',
  );
}
