/** One table of options makes the environment variables, the flags, `--help` and the configuration page. */
import type { z } from 'zod';

export interface Option<T extends z.ZodType = z.ZodType> {
  /** Environment variable; the flag is derived: ROWPARITY_HTTP_PORT is --http-port. */
  readonly env: string;
  readonly describe: string;
  /** Reads the text; has a default where the option may be left out. */
  readonly schema: T;
  /** Comes from the environment or from the file that <env>_FILE names, never from a flag; never shown. */
  readonly isSecret?: boolean;
}

export type OptionTable = Readonly<Record<string, Option>>;
export type Config<T extends OptionTable> = { readonly [K in keyof T]: z.output<T[K]['schema']> };

export const ENV_PREFIX = 'ROWPARITY_';
export const CONNECTION_PREFIX = `${ENV_PREFIX}CONNECTION_`;
/** Behind the name of a secret: the name of a file that holds it. */
export const FILE_SUFFIX = '_FILE';

/** A process cannot start with these settings. Not a Fault: no run has it as its failure. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Undefined for a secret: the list of processes shows flags to every user of the machine. */
export function flagOf(option: Option): string | undefined {
  if (option.isSecret) return undefined;
  return option.env.slice(ENV_PREFIX.length).toLowerCase().replaceAll('_', '-');
}

/** The help text of a process: every option with its variable and flag. */
export function helpOf(program: string, table: OptionTable): string {
  const lines = Object.values(table).map((option) => {
    const flag = flagOf(option);
    const name = flag ? `--${flag} (${option.env})` : `${option.env} or ${option.env}${FILE_SUFFIX}`;
    return `  ${name}\n      ${option.describe}`;
  });
  return `usage: ${program} [options] [--print-config]

Every option is an environment variable or a flag, and the flag wins. Secrets are variables, or files that
<VARIABLE>_FILE names. Variables may also stand in a file of lines NAME=value that ROWPARITY_CONFIG_FILE names; the
environment wins. --print-config shows what would be used, secrets masked, and ends.

${lines.join('\n')}
`;
}
