/** The connections that specs name: one variable each, ROWPARITY_CONNECTION_<NAME>. */
import type { Environment } from './environment.ts';
import { CONNECTION_PREFIX, FILE_SUFFIX } from './option.ts';

/** URLs by upper-case name. */
export function connectionUrls({ variables }: Environment): ReadonlyMap<string, string> {
  const names = [...variables.keys()].filter(isConnection);
  return new Map(
    names.map((name) => [nameOf(name), (variables.get(name) as { readonly text: string }).text]),
  );
}

export function connectionProblems(
  environment: Environment,
  problemOf: (url: string) => string | undefined,
): string[] {
  const urls = connectionUrls(environment);
  if (urls.size === 0) {
    return [
      `${CONNECTION_PREFIX}<NAME>: expected at least one connection, such as ${CONNECTION_PREFIX}SOURCE=mysql://user:password@host:3306/database; none is set.`,
    ];
  }
  return [...urls].flatMap(([name, url]) => {
    const problem = problemOf(url);
    return problem === undefined ? [] : [`${CONNECTION_PREFIX}${name}: ${problem}`];
  });
}

export function isConnection(variable: string): boolean {
  return variable.startsWith(CONNECTION_PREFIX) && !variable.endsWith(FILE_SUFFIX);
}

function nameOf(variable: string): string {
  return variable.slice(CONNECTION_PREFIX.length).toUpperCase();
}
