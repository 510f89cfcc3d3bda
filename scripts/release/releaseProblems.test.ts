import { expect, test } from 'vitest';
import { releaseProblems } from './releaseProblems.ts';

const VERSIONS = { 'package.json': '1.2.3', 'Chart.yaml': '1.2.3' };

function problemsOf(heading: string, versions: Readonly<Record<string, string | undefined>> = VERSIONS) {
  const changelog = `# Changelog\n\n## ${heading}\n\nText.\n\n## 1.2.2, 2026-01-01\n`;
  return releaseProblems({ version: '1.2.3', changelog, versions });
}

test('a version with its date, and the same everywhere, may be tagged', () => {
  expect(problemsOf('1.2.3, 2027-01-31')).toEqual([]);
});

test.each(['1.2.3, not released yet', '1.2.3', '1.2.4, 2027-01-31', '1.2.3, 2027-13-45', '1.2.3, 2027-1-31'])(
  'a changelog that begins with "%s" refuses the tag',
  (heading) => {
    expect(problemsOf(heading)).toHaveLength(1);
  },
);

test('each file with another version, or none, is named', () => {
  const problems = problemsOf('1.2.3, 2027-01-31', { a: '1.2.3', b: '1.2.2', c: undefined });
  expect(problems.map((problem) => problem.split(':')[0])).toEqual(['b', 'c']);
});

test('an empty changelog refuses the tag', () => {
  expect(releaseProblems({ version: '1.2.3', changelog: '', versions: {} })).toHaveLength(1);
});
