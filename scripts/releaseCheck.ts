// `npm run release:check -- VERSION`: exit code 1 and a line for each reason not to tag this version yet.

import { parse } from 'yaml';
import { WORKSPACES } from './docs/doorsText.ts';
import { readPage } from './docs/pages.ts';
import { releaseProblems } from './release/releaseProblems.ts';

const CHART = 'deploy/helm/rowparity/Chart.yaml';

const [version] = process.argv.slice(2);
if (version === undefined) {
  console.error('usage: npm run release:check -- VERSION');
  process.exit(2);
}
const problems = releaseProblems({ version, changelog: readPage('CHANGELOG.md'), versions: foundVersions() });
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

function foundVersions(): Record<string, string | undefined> {
  const manifests = [
    'package.json',
    ...WORKSPACES.map((workspace) => `${workspace}/package.json`),
    'package-lock.json',
  ];
  const chart = parse(readPage(CHART)) as { readonly version?: string; readonly appVersion?: string };
  return {
    ...Object.fromEntries(manifests.map((path) => [path, versionOf(path)])),
    [`${CHART} (version)`]: chart.version,
    [`${CHART} (appVersion)`]: chart.appVersion,
  };
}

function versionOf(path: string): string | undefined {
  return (JSON.parse(readPage(path)) as { readonly version?: string }).version;
}
