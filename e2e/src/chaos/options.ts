// The flags of chaos. A wrong one ends it with exit code 2 before anything is started.

import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { orWrongUsage, wholeNumber } from '@rowparity/harness';

export interface ChaosOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly rows: number;
}

const SEED_MAX = 1_000_000;
const MINUTES = { usual: 5, max: 24 * 60 } as const;
const ROWS = { usual: 5000, min: 1000, max: 1_000_000 } as const;

export const USAGE = `usage: npm run chaos -- [flags]

  --seed S      makes the same shop, and the same faults in the same order, again (default: a random one, printed)
  --minutes M   begins runs for so long (default ${MINUTES.usual}); the last one is ended
  --rows N      about so many rows in all tables together (default ${ROWS.usual})

Exit codes: 0 every run came out as if nothing had been, 1 one did not, 2 wrong usage, 4 something broke.
`;

/** Undefined when help was asked for. */
export function readOptions(args: readonly string[]): ChaosOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  return {
    seed: wholeNumber('--seed', values.seed, { min: 0, max: SEED_MAX }) ?? randomInt(1, SEED_MAX),
    minutes: wholeNumber('--minutes', values.minutes, { min: 1, max: MINUTES.max }) ?? MINUTES.usual,
    rows: wholeNumber('--rows', values.rows, ROWS) ?? ROWS.usual,
  };
}

function parse(args: readonly string[]) {
  return orWrongUsage(
    () =>
      parseArgs({
        args: [...args],
        options: {
          seed: { type: 'string' },
          minutes: { type: 'string' },
          rows: { type: 'string' },
          help: { type: 'boolean', short: 'h', default: false },
        },
      }).values,
  );
}
