// What stands in the way of a tag: a changelog that does not date the version, or a version that is not everywhere.

export interface ReleaseInput {
  readonly version: string;
  readonly changelog: string;
  /** By file: the version that it names. */
  readonly versions: Readonly<Record<string, string | undefined>>;
}

const DATED = /^## (\S+), (\d{4}-\d{2}-\d{2})$/;

export function releaseProblems({ version, changelog, versions }: ReleaseInput): readonly string[] {
  return [...changelogProblems(version, changelog), ...versionProblems(version, versions)];
}

function changelogProblems(version: string, changelog: string): string[] {
  const heading = changelog.split('\n').find((line) => line.startsWith('## ')) ?? 'no heading';
  const [, found, day] = DATED.exec(heading) ?? [];
  if (found === version && day !== undefined && !Number.isNaN(Date.parse(day))) return [];
  return [`CHANGELOG.md: expected "## ${version}, YYYY-MM-DD" as its first version, found "${heading}".`];
}

function versionProblems(version: string, versions: ReleaseInput['versions']): string[] {
  return Object.entries(versions).flatMap(([file, found]) =>
    found === version ? [] : [`${file}: expected version ${version}, found ${found ?? 'none'}.`],
  );
}
