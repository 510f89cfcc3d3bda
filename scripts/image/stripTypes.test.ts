// The programs as the image has them: without types, started by a Node that refuses TypeScript.

import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readPageFiles } from '@rowparity/web';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stripTypes } from './stripTypes.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** Below the repository, so that npm packages are found; those of the repository itself are linked. */
const BUILT = join(ROOT, 'dist', 'test-image');
const WORKSPACES = ['apps', 'packages'];

const isWanted = (path: string) =>
  !path.includes('/node_modules') && !path.includes('/testkit') && !path.endsWith('.test.ts');

beforeAll(() => {
  rmSync(BUILT, { recursive: true, force: true });
  mkdirSync(join(BUILT, 'node_modules', '@rowparity'), { recursive: true });
  for (const name of WORKSPACES) {
    cpSync(join(ROOT, name), join(BUILT, name), { recursive: true, filter: isWanted });
  }
  // As the Dockerfile calls it.
  const command = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'stripTypes.ts')];
  execFileSync(process.execPath, [...command, ...WORKSPACES], { cwd: BUILT });
  for (const name of WORKSPACES) {
    for (const workspace of readdirSync(join(BUILT, name))) {
      symlinkSync(join(BUILT, name, workspace), join(BUILT, 'node_modules', '@rowparity', workspace));
      const packages = join(ROOT, name, workspace, 'node_modules');
      if (existsSync(packages)) symlinkSync(packages, join(BUILT, name, workspace, 'node_modules'));
    }
  }
});
afterAll(() => rmSync(BUILT, { recursive: true, force: true }));

const node = (...args: string[]) =>
  execFileSync(process.execPath, ['--no-experimental-strip-types', ...args], { encoding: 'utf8' });

it.each(['coordinator', 'worker', 'reporter'])('%s starts without TypeScript', (app) => {
  expect(node(join(BUILT, 'apps', app, 'src/main.js'), '--help')).toContain('ROWPARITY_REDIS_URL');
});

it('the command starts without TypeScript, and the image starts the same files', () => {
  expect(node(join(BUILT, 'apps/cli/bin/rowparity.mjs'), '--help')).toContain('Exit codes: 0 consistent');
  const commands = join(ROOT, 'deploy', 'bin');
  for (const command of readdirSync(commands)) {
    const [, path = ''] = /\/rowparity\/(\S+)/.exec(readFileSync(join(commands, command), 'utf8')) ?? [];
    expect(readFileSync(join(BUILT, path), 'utf8')).toContain('import');
  }
});

it('browsers get the same page', () => {
  const module = pathToFileURL(join(BUILT, 'packages/web/src/index.js')).href;
  const told = `const { document, names } = (await import('${module}')).readPageFiles(); console.log(JSON.stringify([document.etag, names]));`;
  const { document, names } = readPageFiles();
  // The document names a hash of all files.
  expect(JSON.parse(node('--input-type=module', '--eval', told))).toEqual([document.etag, [...names]]);
});

it('an import of a file that is not there is refused', () => {
  const folder = join(BUILT, 'broken');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'one.ts'),
    "import { two } from './two.ts';\nconsole.log(two satisfies string);\n",
  );
  expect(() => stripTypes(folder)).toThrow('one.ts imports ./two.ts, and there is no such file.');
});
