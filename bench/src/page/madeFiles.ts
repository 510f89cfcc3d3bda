/** Every file that the results make, with its content: plots whole, pages with what is between their marks replaced. */
import { readFileSync } from 'node:fs';
import { detectionTable } from '../peers/peerTables.ts';
import { goalsTable } from './goals.ts';
import { growthPlot } from './growthPlot.ts';
import { peersPlot } from './peersPlot.ts';
import { type Results, readResults } from './results.ts';
import {
  differingTable,
  distanceTable,
  engineTable,
  growthTable,
  linksTable,
  peersTables,
} from './tables.ts';

/** By the name of the mark. */
const TABLES: Readonly<Record<string, (all: readonly Results[]) => string>> = {
  goals: goalsTable,
  peers: peersTables,
  engine: engineTable,
  differing: differingTable,
  links: linksTable,
  growth: growthTable,
  distance: distanceTable,
  detection: (all) =>
    all.map(({ name, detection }) => `**${name}**\n\n${detectionTable(detection)}`).join('\n\n'),
};
const PAGES = ['BENCHMARKS.md', 'docs/comparison.md'] as const;

export function madeFiles(root: URL): ReadonlyMap<string, string> {
  const all = readResults(new URL('bench/results/', root));
  const pages = PAGES.map((name) => [name, filled(readFileSync(new URL(name, root), 'utf8'), all)] as const);
  return new Map([
    ...pages,
    ['docs/pictures/peers.svg', peersPlot(all.map(({ name, peers }) => ({ name, result: peers })))],
    ['docs/pictures/growth.svg', growthPlot(all.map(({ name, growth }) => ({ name, result: growth })))],
  ]);
}

/** But for the widths of columns, which a formatter chooses. */
export function isSameContent(a: string, b: string): boolean {
  return narrow(a) === narrow(b);
}

function narrow(content: string): string {
  return content.replace(/ +/g, ' ').replace(/-{3,}/g, '---');
}

/** Between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`. Throws for a mark without a table or an end. */
export function filled(page: string, all: readonly Results[]): string {
  let rest = page;
  let made = '';
  for (;;) {
    const begin = /<!-- bench:(\w+) -->\n/.exec(rest);
    if (!begin) return made + rest;
    const name = begin[1] ?? '';
    const table = TABLES[name];
    const end = rest.indexOf(`<!-- /bench:${name} -->`);
    if (!table || end < begin.index)
      throw new Error(`the mark bench:${name} has no ${table ? 'end' : 'table'}`);
    made += `${rest.slice(0, begin.index)}${begin[0]}\n${table(all)}\n\n`;
    rest = rest.slice(end);
  }
}
