/** The variables of this process, for a program without a table of options of its own. */
import type { Config, OptionTable } from './option.ts';
import { readSettings } from './readSettings.ts';
import { unknownVariables } from './unknownVariables.ts';

export function processVariable(name: string): string | undefined {
  return process.env[name];
}

/** Some options of a service. A flag beats a variable. Throws a ConfigurationError that lists every problem. */
export function processOptions<T extends OptionTable>(options: T, args: readonly string[]): Config<T> {
  return readSettings({ options }, { env: process.env, args }).config;
}

/** A line for each variable that looks like one of ours and is none. */
export function unknownProcessVariables(): string[] {
  return unknownVariables(Object.entries(process.env));
}
