// Vitest's global setup of the project `helm`: finds what the tests need, or why it cannot be had here. Tests without
// their tool are skipped with that reason.

import type { TestProject } from 'vitest/node';
import { helmProgram } from './tools/helm.ts';
import { promtoolProgram } from './tools/promtool.ts';
import { type SchemaFolders, schemaFolders } from './tools/schemaFiles.ts';
import { Unavailable } from './tools/unavailable.ts';

export type Found<T> = { readonly found: T } | { readonly missing: string };

declare module 'vitest' {
  interface ProvidedContext {
    helm: Found<string>;
    promtool: Found<string>;
    schemas: Found<SchemaFolders>;
  }
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide('helm', await tryFor('helm', helmProgram));
  project.provide('promtool', await tryFor('promtool', promtoolProgram));
  project.provide('schemas', await tryFor('the schemas of Kubernetes, KEDA and Prometheus', schemaFolders));
}

async function tryFor<T>(name: string, find: (say: (line: string) => void) => Promise<T>): Promise<Found<T>> {
  try {
    return { found: await find(say) };
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    say(`tests that need ${name} are skipped: ${error.message}`);
    return { missing: error.message };
  }
}

function say(line: string): void {
  console.error(`[helm] ${line}`);
}
