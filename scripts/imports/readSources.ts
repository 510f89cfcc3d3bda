// Every TypeScript file of the workspaces, with the workspace that it is in and what it imports.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf } from './importsOf.ts';

export interface Source {
  /** From the root, with forward slashes. */
  readonly path: string;
  /** `packages/core`, `e2e`, … */
  readonly workspace: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const FILES = ['apps/*/src/**/*.ts', 'packages/*/src/**/*.ts', '{bench,e2e,harness}/src/**/*.ts'];

export function readSources(root: string): Source[] {
  return FILES.flatMap((pattern) => globSync(pattern, { cwd: root }))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, workspace: path.slice(0, path.indexOf('/src/')), text, imports: importsOf(text) };
    });
}
