// The arrows of the house: contracts ← core ← {mysql, queue, producer, sqlite} ← apps, and runtime on contracts alone. Drivers
// have one owner each. core is pure: no I/O, no clock, no environment, no random source.

import { posix } from 'node:path';
import type { Source } from './readSources.ts';

const PACKAGES = ['contracts', 'core', 'mysql', 'queue', 'producer', 'sqlite', 'runtime'] as const;

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'packages/contracts': [],
  'packages/core': ['contracts'],
  'packages/runtime': ['contracts'],
  'packages/mysql': ['contracts', 'core'],
  'packages/queue': ['contracts', 'core'],
  'packages/producer': ['contracts', 'core'],
  'packages/sqlite': ['contracts', 'core'],
  'packages/testkit': ['contracts'],
  harness: ['contracts', 'testkit'],
  e2e: ['contracts', 'testkit', 'harness'],
  bench: [...PACKAGES, 'testkit', 'harness'],
};

const OWNER_OF_DRIVER: Readonly<Record<string, string>> = {
  mysql2: 'packages/mysql',
  bullmq: 'packages/queue',
  ioredis: 'packages/queue',
  kafkajs: 'packages/producer',
  'node:sqlite': 'packages/sqlite',
};

/** Workspaces that stand outside the product and may use every driver. */
const OUTSIDE = ['packages/testkit', 'harness', 'e2e', 'bench'];
const PURE = 'packages/core';
/** Pure functions of bytes. */
const ALLOWED_IN_PURE = ['node:crypto', 'node:buffer'];
const IMPURE = /\b(?:Date\.now|Math\.random|performance\.now|process\.(?:env|argv|hrtime))\b|\bnew Date\(\)/;

export function problemsOf(source: Source): string[] {
  const purity = isPure(source) && IMPURE.exec(source.text);
  return [
    ...source.imports.flatMap((specifier) => problemOf(specifier, source) ?? []),
    ...(purity
      ? [`${source.path}: core must be given its clock, environment and random source; found ${purity[0]}`]
      : []),
  ];
}

function problemOf(specifier: string, source: Source): string | undefined {
  const { path, workspace } = source;
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(path), specifier);
    return target.startsWith(`${workspace}/`)
      ? undefined
      : `${path}: reaches out of its workspace with ${specifier}`;
  }
  const [scope, name = ''] = specifier.split('/');
  if (scope === '@rowparity') {
    return isAllowed(name, source) ? undefined : `${path}: ${workspace} must not import ${specifier}`;
  }
  const owner = OWNER_OF_DRIVER[scope ?? ''];
  if (owner && owner !== workspace && !OUTSIDE.includes(workspace) && !isTest(path)) {
    return `${path}: only ${owner} may import ${scope}`;
  }
  if (isPure(source) && specifier.startsWith('node:') && !ALLOWED_IN_PURE.includes(specifier)) {
    return `${path}: core must not import ${specifier}`;
  }
  return undefined;
}

function isAllowed(name: string, { path, workspace }: Source): boolean {
  if (name === posix.basename(workspace)) return true;
  if (name === 'testkit' && isTest(path)) return true;
  const allowed = MAY_IMPORT[workspace] ?? (workspace.startsWith('apps/') ? PACKAGES : []);
  return allowed.some((one) => one === name);
}

function isPure({ workspace, path }: Source): boolean {
  return workspace === PURE && !isTest(path);
}

/** A test, or what only tests use: a conformance suite, a folder `testing`, a server for tests. */
function isTest(path: string): boolean {
  return /\.test\.ts$|[cC]onformance|\/testing\/|\/test[A-Z]\w*\.ts$/.test(path);
}
