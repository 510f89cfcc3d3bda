// Checks who imports whom: the arrows of the house, who owns which driver, what core must not touch, and cycles.
// Reads the text of import statements; needs no compiler.

import { findCycle } from './imports/cycles.ts';
import { readSources } from './imports/readSources.ts';
import { problemsOf } from './imports/rules.ts';

const sources = readSources(process.cwd());
const problems = sources.flatMap(problemsOf);
const cycle = findCycle(sources);
if (cycle) problems.push(`cycle: ${cycle.join(' → ')}`);

for (const problem of problems) console.error(problem);
console.log(`${sources.length} files, ${problems.length} problems`);
process.exitCode = problems.length > 0 || sources.length === 0 ? 1 : 0;
