/** The variables of this process, for a program without a table of options of its own. */
import { z } from 'zod';
import { readEnvironment } from './environment.ts';
import { type Config, ConfigurationError, FILE_SUFFIX, type OptionTable } from './option.ts';
import { readSettings } from './readSettings.ts';
import { unknownVariables } from './unknownVariables.ts';

export function processVariable(name: string): string | undefined {
  return process.env[name];
}

/** A variable, or the content of the file that <name>_FILE names. Throws a ConfigurationError. */
export function processSecret(name: string): string | undefined {
  const file = `${name}${FILE_SUFFIX}`;
  const own = { [name]: process.env[name], [file]: process.env[file] };
  const secret = { env: name, describe: '', schema: z.string(), isSecret: true };
  const { variables, problems } = readEnvironment(own, { secret });
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  return variables.get(name)?.text;
}

/** Some options of a service. A flag beats a variable. Throws a ConfigurationError that lists every problem. */
export function processOptions<T extends OptionTable>(options: T, args: readonly string[]): Config<T> {
  return readSettings({ options }, { env: process.env, args }).config;
}

/** A line for each variable that looks like one of ours and is none. */
export function unknownProcessVariables(): string[] {
  return unknownVariables(Object.entries(process.env));
}
