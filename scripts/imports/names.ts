// What is imported by name: a reader must have no name that writes, and a package lets out no name that nothing uses.

import { posix } from 'node:path';
import { FOR_OTHERS, READERS, WRITES_LEDGER } from './house.ts';
import { namesOf } from './importsOf.ts';
import { isTest } from './places.ts';
import type { Source } from './readSources.ts';

const SCOPE = '@rowparity/';
const GATHERS_ALL = /^export (?:type )?\*/m;

/** Rights are what a process is given: one that only reads has no port that writes. Its tests write what it reads. */
export function rightsProblems({ path, workspace, text }: Source): string[] {
  if (!READERS.includes(workspace) || isTest(path)) return [];
  const names = namesOf(text).flatMap((one) => (one.specifier === `${SCOPE}core` ? one.names : []));
  return names
    .filter((name) => WRITES_LEDGER.includes(name))
    .map((name) => `${path}: ${workspace} only reads the ledger, and ${name} writes to it`);
}

/** Names that leave a workspace by its index.ts and that no other one imports. */
export function unusedNames(sources: readonly Source[]): string[] {
  const used = new Set(sources.flatMap(usedElsewhere));
  return sources
    .filter(({ path, workspace }) => path === `${workspace}/src/index.ts` && !FOR_OTHERS.includes(workspace))
    .flatMap(({ path, workspace, text }) => {
      if (GATHERS_ALL.test(text)) return [`${path}: names what it lets out, one by one; found a star`];
      return namesOf(text)
        .flatMap(({ names }) => names)
        .filter((name) => !used.has(`${posix.basename(workspace)} ${name}`))
        .map((name) => `${path}: no other workspace uses ${name}`);
    });
}

function usedElsewhere({ workspace, text }: Source): string[] {
  return namesOf(text).flatMap(({ specifier, names }) => {
    const name = specifier.slice(SCOPE.length);
    if (!specifier.startsWith(SCOPE) || name === posix.basename(workspace)) return [];
    return names.map((one) => `${name} ${one}`);
  });
}
