// Helm and the chart of this repository, in one namespace. Values go in as JSON, which is YAML.

import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { outputOf } from './program.ts';
import type { ClusterOptions } from './settings.ts';

const CHART = join(import.meta.dirname, '../../../../deploy/helm/rowparity');
/** Short, so that a service is named by it alone: rowparity-worker. */
export const RELEASE = 'rowparity';

/** The value sets that an installation may look like. */
export const VALUE_SETS = globSync('*-values.yaml', { cwd: join(CHART, 'ci') })
  .map((file) => basename(file, '-values.yaml'))
  .sort();

export type Values = { readonly [name: string]: unknown };

export class Chart {
  readonly #helm: string;
  readonly #version: string;
  readonly #flags: readonly string[];

  constructor({ helm, kubeconfig, version }: ClusterOptions, namespace: string) {
    this.#helm = helm;
    this.#version = version;
    this.#flags = ['--kubeconfig', kubeconfig, '--namespace', namespace];
  }

  /** Until every service is ready. */
  install(values: Values): Promise<string> {
    return this.apply(values, '--wait', '--timeout', '5m');
  }

  /** Takes what Helm says at its end: the notes. */
  apply(values: Values, ...flags: readonly string[]): Promise<string> {
    const args = ['upgrade', '--install', RELEASE, CHART, '--values', '-', ...flags, ...this.#flags];
    return outputOf(this.#helm, args, { input: JSON.stringify(values) });
  }

  manifests(valueSet: string): Promise<string> {
    const file = join(CHART, 'ci', `${valueSet}-values.yaml`);
    const args = ['template', RELEASE, CHART, '--values', file, '--kube-version', this.#version];
    return outputOf(this.#helm, [...args, ...this.#flags]);
  }

  async remove(): Promise<void> {
    await outputOf(this.#helm, ['uninstall', RELEASE, '--ignore-not-found', '--wait', ...this.#flags]);
  }
}

/** `changes` beat `values`, level by level; a list is one value. */
export function merged(values: Values, changes: Values): Values {
  const changed = Object.entries(changes).map(([name, value]) => {
    const before = values[name];
    return [name, isValues(before) && isValues(value) ? merged(before, value) : value] as const;
  });
  return { ...values, ...Object.fromEntries(changed) };
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
