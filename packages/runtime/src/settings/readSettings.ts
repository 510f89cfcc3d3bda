/** Reads what a process was told, and names every problem at once; the value of a secret is never in a message. */
import { parseArgs } from 'node:util';
import { type ConnectionSchema, isConnection, readConnections } from './connections.ts';
import { type Environment, readEnvironment } from './environment.ts';
import {
  type Config,
  ConfigurationError,
  FILE_SUFFIX,
  flagOf,
  type Option,
  type OptionTable,
} from './option.ts';
import { unknownFlag } from './unknownFlags.ts';
import { unknownVariables } from './unknownVariables.ts';

export interface SettingsTable<T extends OptionTable, C = never> {
  readonly options: T;
  /** Reads a database URL. Left out: the process has no databases. */
  readonly connections?: ConnectionSchema<C>;
}

interface Told {
  readonly env: NodeJS.ProcessEnv;
  readonly args: readonly string[];
}

export interface Settings<T extends OptionTable, C = never> {
  readonly config: Config<T>;
  /** What the database URLs say, by upper-case name. */
  readonly connections: ReadonlyMap<string, C>;
}

type Flags = Readonly<Record<string, string | undefined>>;

/** A flag beats a variable. Throws a ConfigurationError that lists every problem. */
export function readSettings<T extends OptionTable, C = never>(
  { options, connections: schema }: SettingsTable<T, C>,
  { env, args }: Told,
): Settings<T, C> {
  const flags = readFlags(options, args);
  const environment = readEnvironment(env, options);
  const problems = [...environment.problems, ...unknownVariables(namesAndTexts(environment))];
  const entries = Object.entries(options).map(([name, option]) => {
    const text = textOf(option, flags, environment)?.text;
    const read = option.schema.safeParse(text);
    if (read.success) return [name, read.data];
    // A secret whose file cannot be read is told of already.
    if (!problems.some((problem) => problem.startsWith(`${option.env}${FILE_SUFFIX}:`))) {
      problems.push(...read.error.issues.map((issue) => problemOf(option, issue.message, text)));
    }
    return [name, undefined];
  });
  const read = schema && readConnections(environment, schema);
  problems.push(...(read?.problems ?? []));
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  return {
    config: Object.fromEntries(entries) as Config<T>,
    connections: read?.connections ?? new Map(),
  };
}

function namesAndTexts({ variables }: Environment): (readonly [string, string])[] {
  return [...variables].map(([name, { text }]) => [name, text] as const);
}

/** What would be used, a line each, with where it comes from; secrets are masked. */
export function printedSettings<T extends OptionTable, C = never>(
  table: SettingsTable<T, C>,
  told: Told,
): string {
  const flags = readFlags(table.options, told.args);
  const environment = readEnvironment(told.env, table.options);
  const lines = Object.values(table.options).map((option) => {
    const found = textOf(option, flags, environment);
    if (!found) return `${option.env} is not set`;
    return `${option.env}=${option.isSecret ? '***' : found.text}  # ${found.from}`;
  });
  const connections = table.connections
    ? [...environment.variables].filter(([name]) => isConnection(name))
    : [];
  lines.push(...connections.map(([name, { from }]) => `${name}=***  # ${from}`));
  return `${lines.join('\n')}\n`;
}

function textOf(option: Option, flags: Flags, { variables }: Environment) {
  const flag = flagOf(option);
  const given = flag === undefined ? undefined : flags[flag];
  return given === undefined ? variables.get(option.env) : { text: given, from: `--${flag}` };
}

function problemOf(option: Option, message: string, text: string | undefined): string {
  const flag = flagOf(option);
  const name = flag ? `${option.env} (--${flag})` : `${option.env} (or a file: ${option.env}${FILE_SUFFIX})`;
  const hidden = option.isSecret ? 'found another text' : `found "${text}"`;
  return `${name}: ${message}; ${text === undefined ? 'it is not set' : hidden}. ${option.describe}`;
}

function readFlags(table: OptionTable, args: readonly string[]): Flags {
  refuseSecretFlags(table, args);
  const flags = Object.values(table).flatMap((option) => flagOf(option) ?? []);
  const unknown = unknownFlag(args, flags);
  if (unknown) throw new ConfigurationError(unknown);
  const options = Object.fromEntries(flags.map((flag) => [flag, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, strict: true }).values as Flags;
  } catch (error) {
    throw new ConfigurationError(error instanceof Error ? error.message : String(error));
  }
}

/** Also keeps the value out of the message of an unknown option. */
function refuseSecretFlags(table: OptionTable, args: readonly string[]): void {
  for (const option of Object.values(table).filter(({ isSecret }) => isSecret)) {
    const flag = `--${flagOf({ ...option, isSecret: false })}`;
    if (!args.some((arg) => arg === flag || arg.startsWith(`${flag}=`))) continue;
    throw new ConfigurationError(
      `${flag}: a secret is not taken from the command line, which every user of the machine can read. Set ${option.env}, or ${option.env}${FILE_SUFFIX} to a file that holds it.`,
    );
  }
}
