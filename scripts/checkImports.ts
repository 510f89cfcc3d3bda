// Checks who imports whom: the arrows between workspaces and between the rooms of one, who owns which driver, what core
// must not touch, names that nothing uses, and cycles. Reads the text of import statements; needs no compiler.

import { findCycle } from './imports/cycles.ts';
import { unusedNames } from './imports/names.ts';
import { readSources, readTools } from './imports/readSources.ts';
import { tableProblems } from './imports/rooms.ts';
import { problemsOf } from './imports/rules.ts';

const sources = readSources(process.cwd());
const problems = [
  ...sources.flatMap(problemsOf),
  ...tableProblems(sources),
  ...unusedNames([...sources, ...readTools(process.cwd())]),
];
const cycle = findCycle(sources);
if (cycle) problems.push(`cycle: ${cycle.join(' → ')}`);

for (const problem of problems) console.error(problem);
console.log(`${sources.length} files, ${problems.length} problems`);
process.exitCode = problems.length > 0 || sources.length === 0 ? 1 : 0;
