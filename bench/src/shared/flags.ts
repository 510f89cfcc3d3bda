/**
 * The flags of a benchmark: whole numbers, and the file for the result. A wrong flag ends it before anything starts.
 */
import { parseArgs } from 'node:util';

export interface FlagsOf<Name extends string> {
  /** As in `npm run bench:ledger`. */
  readonly command: string;
  readonly about: string;
  /** Flags and their defaults, each a whole number above 0. */
  readonly numbers: Readonly<Record<Name, number>>;
  readonly jsonFile: string;
  /** Flags that the caller reads by itself. */
  readonly others?: Readonly<Record<string, 'boolean' | 'string'>>;
}

export type Flags<Name extends string> = Readonly<Record<Name, number>> & { readonly jsonFile: string };

export class WrongFlag extends Error {
  override readonly name = 'WrongFlag';
}

/** For a program's start: prints the usage for `--help` (exit 0) and for a wrong flag (exit 2). */
export function flagsOrExit<Name extends string>(command: FlagsOf<Name>): Flags<Name> {
  try {
    const flags = readFlags(process.argv.slice(2), command);
    if (flags) return flags;
    process.stdout.write(`${usageOf(command)}\n`);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usageOf(command)}\n`);
    process.exit(2);
  }
}

/** Undefined when help was asked for; throws WrongFlag. */
export function readFlags<Name extends string>(
  args: readonly string[],
  { numbers, jsonFile, others = {} }: FlagsOf<Name>,
): Flags<Name> | undefined {
  const names = Object.keys(numbers) as Name[];
  const values = parsed(args, names, others);
  if (values.help) return undefined;
  const read = names.map((name) => [name, wholeNumber(name, values[name], numbers[name])]);
  return { ...Object.fromEntries(read), jsonFile: String(values.json ?? jsonFile) };
}

function usageOf({ command, about, numbers, jsonFile }: FlagsOf<string>): string {
  const flags = Object.entries({ ...numbers, json: jsonFile }).map(([name, value]) => `[--${name} ${value}]`);
  return `usage: npm run ${command} -- ${flags.join(' ')}\n${about}`;
}

function parsed(
  args: readonly string[],
  names: readonly string[],
  others: Readonly<Record<string, 'boolean' | 'string'>>,
) {
  const texts = Object.fromEntries(names.map((name) => [name, { type: 'string' }] as const));
  const own = Object.fromEntries(Object.entries(others).map(([name, type]) => [name, { type }] as const));
  const help = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { ...texts, ...own, json: { type: 'string' }, help },
    });
    return values as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new WrongFlag(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: unknown, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^[1-9]\d*$/.test(String(text))) return Number(text);
  throw new WrongFlag(`--${name}: expected a whole number above 0, found "${text}".`);
}
