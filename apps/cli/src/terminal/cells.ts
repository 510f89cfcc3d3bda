/** Text by the cells that it takes on a terminal: a Chinese character takes two, a combining mark none. */
import { createRequire } from 'node:module';

/** Neither colours nor characters of another width. */
const PLAIN = /^[ -~]*$/;

const require = createRequire(import.meta.url);

/** Most texts are plain, and loading these takes a tenth of a start. */
const measurer = () => require('string-width') as typeof import('string-width');
const slicer = () => require('slice-ansi') as typeof import('slice-ansi');

function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : measurer().default(text);
}

/** At most so many cells; what is left out shows as an ellipsis. Colours stay whole. */
export function cutTo(text: string, cells: number): string {
  if (widthOf(text) <= cells) return text;
  return cells < 1 ? '' : `${slicer().default(text, 0, cells - 1)}…`;
}

export function padTo(text: string, cells: number): string {
  return `${text}${' '.repeat(Math.max(0, cells - widthOf(text)))}`;
}

/** Exactly so many cells. */
export function fitTo(text: string, cells: number): string {
  return padTo(cutTo(text, cells), cells);
}

export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, widthOf(text)), 0);
}

/** Parts of a line, the most important one first: as many as there is room for. */
export function joinedParts(parts: readonly string[], cells: number, between = '  '): string {
  let line = '';
  for (const part of parts) {
    if (part === '') continue;
    const longer = line === '' ? part : `${line}${between}${part}`;
    if (line !== '' && widthOf(longer) > cells) return line;
    line = longer;
  }
  return cutTo(line, cells);
}
