/** Text by the cells that it takes on a terminal: a Chinese character takes two, a combining mark none. */
import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';

/** At most so many cells; what is left out shows as an ellipsis. Colours stay whole. */
export function cutTo(text: string, cells: number): string {
  if (stringWidth(text) <= cells) return text;
  return cells < 1 ? '' : `${sliceAnsi(text, 0, cells - 1)}…`;
}

export function padTo(text: string, cells: number): string {
  return `${text}${' '.repeat(Math.max(0, cells - stringWidth(text)))}`;
}

/** Exactly so many cells. */
export function fitTo(text: string, cells: number): string {
  return padTo(cutTo(text, cells), cells);
}

export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, stringWidth(text)), 0);
}

/** Parts of a line, the most important one first: as many as there is room for. */
export function joinedParts(parts: readonly string[], cells: number, between = '  '): string {
  let line = '';
  for (const part of parts) {
    if (part === '') continue;
    const longer = line === '' ? part : `${line}${between}${part}`;
    if (line !== '' && stringWidth(longer) > cells) return line;
    line = longer;
  }
  return cutTo(line, cells);
}
