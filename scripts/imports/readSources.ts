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

const WORKSPACES = [
  'apps/*/src/**/*.ts',
  'packages/*/src/**/*.ts',
  'examples/*/src/**/*.ts',
  '{bench,e2e,harness}/src/**/*.ts',
];
/** They use what packages let out, and are bound by no rule of the house. */
const TOOLS = ['scripts/**/*.ts'];

export function readSources(root: string): Source[] {
  return read(root, WORKSPACES, (path) => path.slice(0, path.indexOf('/src/')));
}

export function readTools(root: string): Source[] {
  return read(root, TOOLS, () => 'scripts');
}

function read(root: string, patterns: readonly string[], workspaceOf: (path: string) => string): Source[] {
  return patterns
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, workspace: workspaceOf(path), text, imports: importsOf(text) };
    });
}
