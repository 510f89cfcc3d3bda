// For the tests of the chart: runs helm on it, offline.

import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { inject, type TestContext } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from './manifests.ts';
import { KUBERNETES_VERSIONS } from './tools/schemaFiles.ts';

export const ROOT = join(import.meta.dirname, '..', '..');
export const CHART = join(ROOT, 'deploy', 'helm', 'rowparity');
export const NAMESPACE = 'proof';

/** The value sets that an installation may look like: ci/NAME-values.yaml. */
export const VALUE_SETS = globSync('*-values.yaml', { cwd: join(CHART, 'ci') })
  .map((file) => basename(file, '-values.yaml'))
  .sort();

const rendered = new Map<string, Promise<readonly Manifest[]>>();

/** For beforeEach: skips a test whose tools are not to be had here, with the reason. */
export function needs(...tools: readonly ('helm' | 'schemas' | 'promtool')[]) {
  return ({ skip }: TestContext): void => {
    for (const tool of tools) {
      const provided = inject(tool);
      if ('missing' in provided) skip(provided.missing);
    }
  };
}

/** What an installation with one of the value sets consists of. */
export function manifestsOf(valueSet: string): Promise<readonly Manifest[]> {
  const manifests = rendered.get(valueSet) ?? template(['--values', valuesFile(valueSet)]);
  rendered.set(valueSet, manifests);
  return manifests;
}

/** The least values that are complete, and these `--set` texts on top. */
export function manifestsWith(...settings: readonly string[]): Promise<readonly Manifest[]> {
  return template(['--values', valuesFile('minimal'), ...settings.flatMap((text) => ['--set-json', text])]);
}

/** What helm says against these values; undefined when it takes them. */
export async function refusalOf(...settings: readonly string[]): Promise<string | undefined> {
  return manifestsWith(...settings).then(
    () => undefined,
    (error: { stderr?: string }) => error.stderr ?? String(error),
  );
}

export function lint(valueSet: string): Promise<string> {
  return helm('lint', '--strict', '--quiet', CHART, '--values', valuesFile(valueSet));
}

function valuesFile(valueSet: string): string {
  return join(CHART, 'ci', `${valueSet}-values.yaml`);
}

async function template(args: readonly string[]): Promise<readonly Manifest[]> {
  const text = await helm('template', 'rp', CHART, ...args);
  return parseAllDocuments(text, { uniqueKeys: true }).map((document) => {
    const [problem] = document.errors;
    if (problem) throw problem;
    return document.toJS() as Manifest;
  });
}

async function helm(...args: readonly string[]): Promise<string> {
  const provided = inject('helm');
  if ('missing' in provided) throw new Error(provided.missing);
  const flags = ['--namespace', NAMESPACE, '--kube-version', KUBERNETES_VERSIONS[0]];
  return (await promisify(execFile)(provided.found, [...args, ...flags])).stdout;
}
