// `npm run check`: types, format and lint, direction of dependencies, unused code, style. All of them run, also
// when one fails; a step that fails shows what it printed.

import { spawnSync } from 'node:child_process';

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const STEPS: readonly Step[] = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'types of the page', command: ['tsc', '--noEmit', '-p', 'packages/web'] },
  { name: 'format and lint', command: ['biome', 'ci', '.'] },
  { name: 'direction of imports', command: [process.execPath, 'scripts/checkImports.ts'] },
  { name: 'unused code', command: ['knip'] },
  { name: 'style', command: [process.execPath, 'scripts/tidy.ts'] },
];

const failed = STEPS.filter((step) => !passes(step)).map(({ name }) => name);
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}

function passes({ name, command: [program, ...args] }: Step): boolean {
  const begin = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (status !== 0) console.log(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`);
  return status === 0;
}
