// `npm run pack:cli`: the package of the command line, as a file that `npm publish` and `npm install` take.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildCli } from './pack/buildCli.ts';

const ROOT = join(import.meta.dirname, '..');
const folder = join(ROOT, 'dist', 'cli');
const packages = await buildCli(folder);
const file = execFileSync('npm', ['pack', '--silent', '--pack-destination', join(ROOT, 'dist')], {
  cwd: folder,
  encoding: 'utf8',
}).trim();
console.log(`dist/${file}: needs ${packages.join(', ')}`);
console.log(
  `Install it with "npm install ${join('dist', file)}"; publish it with "npm publish ${join('dist', file)}".`,
);
