// Checks the style that a formatter and a linter do not know; the rules are in tidy/rules.ts.

import { globSync, readFileSync } from 'node:fs';
import { problemsOf } from './tidy/rules.ts';

const FILES = [
  '{apps,packages,examples}/*/{src,lock}/**/*.ts',
  '{bench,e2e,harness}/src/**/*.ts',
  'scripts/**/*.ts',
  '*.ts',
];

const files = FILES.flatMap((pattern) => globSync(pattern)).map((path) => path.replaceAll('\\', '/'));
const problems = files.sort().flatMap((path) => problemsOf(path, readFileSync(path, 'utf8')));

for (const problem of problems) console.error(problem);
console.log(`${files.length} files, ${problems.length} problems`);
process.exitCode = problems.length > 0 || files.length === 0 ? 1 : 0;
