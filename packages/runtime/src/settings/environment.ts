/**
 * The variables of a process: its environment, then the file that ROWPARITY_CONFIG_FILE names, then the files that
 * hold secrets. A variable that is set to nothing is not set.
 */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { CONNECTION_PREFIX, ENV_PREFIX, FILE_SUFFIX, type OptionTable } from './option.ts';

const CONFIG_FILE = `${ENV_PREFIX}CONFIG_FILE`;

export interface Variable {
  readonly text: string;
  /** Where it stands, for people: `environment`, or a file. */
  readonly from: string;
}

export interface Environment {
  readonly variables: ReadonlyMap<string, Variable>;
  readonly problems: readonly string[];
}

export function readEnvironment(env: NodeJS.ProcessEnv, table: OptionTable): Environment {
  const problems: string[] = [];
  const variables = new Map<string, Variable>();
  const file = env[CONFIG_FILE];
  const setAll = (all: NodeJS.Dict<string>, from: string) => {
    for (const [name, text] of Object.entries(all)) if (text) variables.set(name, { text, from });
  };
  if (file) setAll(parseEnv(textOf(CONFIG_FILE, file, problems)), file);
  setAll(env, 'environment');
  for (const [name, { text: path }] of [...variables]) {
    const secret = name.slice(0, -FILE_SUFFIX.length);
    if (!name.endsWith(FILE_SUFFIX) || !isSecret(secret, table)) continue;
    if (variables.has(secret)) problems.push(`${secret} and ${name} are both set: expected one of them.`);
    else variables.set(secret, { text: textOf(name, path, problems).trim(), from: path });
  }
  return { variables, problems };
}

function isSecret(name: string, table: OptionTable): boolean {
  return (
    name.startsWith(CONNECTION_PREFIX) ||
    Object.values(table).some(({ env, isSecret: secret }) => env === name && secret)
  );
}

function textOf(variable: string, path: string, problems: string[]): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    problems.push(`${variable}: cannot read the file ${path} (${(error as NodeJS.ErrnoException).code}).`);
    return '';
  }
}
