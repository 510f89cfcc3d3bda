/**
 * One table of options makes the environment variables, the flags, `--help` and the configuration page. Reading it
 * names every problem at once, and never shows the value of a secret.
 */
import { parseArgs } from 'node:util';
import type { z } from 'zod';

export interface Option<T extends z.ZodType = z.ZodType> {
  /** Environment variable; the flag is derived: ROWPARITY_HTTP_PORT is --http-port. */
  readonly env: string;
  readonly describe: string;
  /** Reads the text; has a default where the option may be left out. */
  readonly schema: T;
  readonly isSecret?: boolean;
}

export type OptionTable = Readonly<Record<string, Option>>;
export type Config<T extends OptionTable> = { readonly [K in keyof T]: z.output<T[K]['schema']> };

const ENV_PREFIX = 'ROWPARITY_';

export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly class = 'configuration';
}

export function flagOf(option: Option): string {
  return option.env.slice(ENV_PREFIX.length).toLowerCase().replaceAll('_', '-');
}

/** A flag beats the environment. Throws a ConfigurationError that lists every problem. */
export function readConfig<T extends OptionTable>(
  table: T,
  from: { readonly env: NodeJS.ProcessEnv; readonly args: readonly string[] },
): Config<T> {
  const flags = readFlags(table, from.args);
  const problems: string[] = [];
  const entries = Object.entries(table).map(([name, option]) => {
    const flag = flagOf(option);
    const text = flags[flag] ?? (from.env[option.env] === '' ? undefined : from.env[option.env]);
    const read = option.schema.safeParse(text);
    if (read.success) return [name, read.data];
    for (const issue of read.error.issues) {
      const found =
        text === undefined ? 'it is not set' : option.isSecret ? 'found another text' : `found "${text}"`;
      problems.push(`${option.env} (--${flag}): ${issue.message}; ${found}. ${option.describe}`);
    }
    return [name, undefined];
  });
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  return Object.fromEntries(entries) as Config<T>;
}

function readFlags(table: OptionTable, args: readonly string[]): Record<string, string | undefined> {
  const options = Object.fromEntries(
    Object.values(table).map((option) => [flagOf(option), { type: 'string' as const }]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values as Record<
      string,
      string | undefined
    >;
  } catch (error) {
    throw new ConfigurationError(error instanceof Error ? error.message : String(error));
  }
}

/** The help text of a process: every option with its variable and flag. */
export function helpOf(program: string, table: OptionTable): string {
  const lines = Object.values(table).map(
    (option) => `  --${flagOf(option)} (${option.env})\n      ${option.describe}`,
  );
  return `usage: ${program} [options]\n\nEvery option is a flag or an environment variable; the flag wins.\n\n${lines.join('\n')}\n`;
}
