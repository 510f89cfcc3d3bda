/**
 * `npm run bench:page`: makes the plots, and the tables between marks in BENCHMARKS.md and docs/comparison.md, of the
 * results in `bench/results`. `--check` changes nothing and ends with 1 where they are not those of the results.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isSameContent, madeFiles } from './madeFiles.ts';

const ROOT = new URL('../../../', import.meta.url);

const isCheck = process.argv.includes('--check');
const changed: string[] = [];
for (const [name, content] of madeFiles(ROOT)) {
  const file = new URL(name, ROOT);
  const before = contentOf(file);
  if (before !== undefined && isSameContent(before, content)) continue;
  changed.push(name);
  if (isCheck) continue;
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, content);
}
for (const name of changed)
  process.stdout.write(`${isCheck ? 'not as the results: ' : 'written: '}${name}\n`);
if (isCheck && changed.length > 0) process.exitCode = 1;

function contentOf(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
