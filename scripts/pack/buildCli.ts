// Builds the package @rowparity/cli: the code of this repository as a few files without types, and beside it the npm
// packages that it needs, at the versions of this repository. A start then reads a few files in place of hundreds.

import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'rolldown';

const ROOT = join(import.meta.dirname, '..', '..');
const ENTRY = join(ROOT, 'apps/cli/src/main.ts');
/** Whose dependencies the code of the package has. */
const WORKSPACES = ['apps/cli', 'packages/client', 'packages/contracts', 'packages/core', 'packages/mysql'];
const MORE_WORKSPACES = ['packages/producer', 'packages/runtime', 'packages/sqlite'];
/** Required where a terminal is drawn on, which the bundler does not see. */
const REQUIRED = ['log-update', 'slice-ansi', 'string-width'];
/** Needed by one command; who wants that installs it. */
const OPTIONAL = ['kafkajs', 'pino-pretty'];

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Resolves to the names of the npm packages that the built code imports. */
export async function buildCli(folder: string): Promise<readonly string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'docs'), { recursive: true });
  const versions = await versionsOfPackages();
  const { output } = await build({
    input: { rowparity: ENTRY },
    platform: 'node',
    external: (id) => versions.has(packageOf(id)),
    // What a package of ours does not use of another one is left out, with the npm packages that only that needs.
    treeshake: { moduleSideEffects: (id) => id === ENTRY },
    output: {
      dir: join(folder, 'lib'),
      format: 'esm',
      chunkFileNames: '[name].js',
      entryFileNames: '[name].js',
    },
    logLevel: 'warn',
  });
  const chunks = output.filter((file) => file.type === 'chunk');
  const imported = new Set([
    ...REQUIRED,
    ...chunks
      .flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports])
      .map(packageOf)
      .filter((name) => versions.has(name)),
  ]);
  for (const name of OPTIONAL) imported.delete(name);
  const dependencies = Object.fromEntries(
    [...imported].sort().map((name) => [name, versions.get(name) ?? '']),
  );
  await writeManifest(folder, dependencies);
  await cp(join(ROOT, 'docs/failures.md'), join(folder, 'docs/failures.md'));
  await cp(join(ROOT, 'apps/cli/bin/rowparity.mjs'), join(folder, 'bin/rowparity.mjs'));
  await cp(join(ROOT, 'scripts/pack/README.md'), join(folder, 'README.md'));
  await cp(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  return Object.keys(dependencies);
}

async function writeManifest(folder: string, dependencies: Readonly<Record<string, string>>): Promise<void> {
  const { version, license } = await manifestOf('apps/cli');
  const manifest = {
    ...{ name: '@rowparity/cli', version, license, type: 'module' },
    description:
      'Proves that two MySQL databases hold the same rows while a migration between them is running.',
    bin: { rowparity: 'bin/rowparity.mjs' },
    engines: { node: '>=24' },
    files: ['bin', 'lib', 'docs'],
    dependencies,
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Of all npm packages that the workspaces name. */
async function versionsOfPackages(): Promise<ReadonlyMap<string, string>> {
  const manifests = await Promise.all([...WORKSPACES, ...MORE_WORKSPACES].map(manifestOf));
  return new Map(
    manifests
      .flatMap(({ dependencies = {} }) => Object.entries(dependencies))
      .filter(([name]) => !name.startsWith('@rowparity/')),
  );
}

async function manifestOf(workspace: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(ROOT, workspace, 'package.json'), 'utf8')) as Manifest;
}

/** `mysql2/promise` is of `mysql2`, `@fastify/rate-limit` of itself. */
function packageOf(id: string): string {
  return id
    .split('/')
    .slice(0, id.startsWith('@') ? 2 : 1)
    .join('/');
}
