/** Flags of a service that it does not have, with the closest that it has. The value behind a flag is never shown. */
import { closestNames, printable } from '@rowparity/contracts';

const FLAG_CHARACTERS_MAX = 60;

/** The first that is unknown, or a value without a flag. */
export function unknownFlag(args: readonly string[], flags: readonly string[]): string | undefined {
  for (let i = 0; i < args.length; i += 1) {
    const [name = '', value] = (args[i] as string).split('=', 2);
    if (!name.startsWith('--')) {
      return 'expected flags, each with its value (--name value), found a value without a flag.';
    }
    const flag = name.slice(2);
    if (!flags.includes(flag)) return unknown(flag, flags);
    if (value === undefined) i += 1;
  }
  return undefined;
}

function unknown(flag: string, flags: readonly string[]): string {
  const [closest] = closestNames(flag, flags);
  const near = closest === undefined ? '' : ` The closest: --${closest}.`;
  return `--${printable(flag, FLAG_CHARACTERS_MAX)}: there is no such flag.${near} --help lists all.`;
}
