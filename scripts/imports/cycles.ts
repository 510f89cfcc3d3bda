// Finds a cycle among the modules of a workspace. Cycles between workspaces cannot be: their arrows point one way.

import { posix } from 'node:path';
import type { Source } from './readSources.ts';

/** The paths of one cycle, its first path again at the end; undefined when there is none. */
export function findCycle(sources: readonly Source[]): string[] | undefined {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] | undefined => {
    const index = trail.indexOf(path);
    if (index >= 0) return [...trail.slice(index), path];
    const source = byPath.get(path);
    if (done.has(path) || !source) return undefined;
    for (const specifier of source.imports.filter((one) => one.startsWith('.'))) {
      const cycle = visit(posix.join(posix.dirname(path), specifier), [...trail, path]);
      if (cycle) return cycle;
    }
    done.add(path);
    return undefined;
  };
  for (const { path } of sources) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
  return undefined;
}
