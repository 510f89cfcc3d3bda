// The flags of the live test. A wrong one ends it with exit code 2 before anything is started.

import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { orWrongUsage, UsageError, wholeNumber } from '@rowparity/harness';
import { WAYS, type Way } from './world.ts';

export interface LiveOptions {
  readonly seed: number;
  readonly minutes: number;
  /** In all tables together. */
  readonly rows: number;
  /** Changes a second that the application makes. */
  readonly rate: number;
  readonly ways: readonly Way[];
  /** How long a replica stands still in each run. */
  readonly stopMs: number;
}

const SEED_MAX = 1_000_000;
const MINUTES = { usual: 5, max: 24 * 60 } as const;
const ROWS = { usual: 150_000, min: 10_000, max: 10_000_000 } as const;
const RATE = { usual: 600, min: 10, max: 100_000 } as const;
const STOP_SECONDS = { usual: 20, max: 600 } as const;

export const USAGE = `usage: npm run live -- [flags]

Compares databases while an application writes to them, and says whether every event was true and every planted
difference was found. Starts servers of its own.

  --seed S           makes the same tables, changes and planted differences again (default: a random one, printed)
  --minutes M        begins runs for so long (default ${MINUTES.usual}); at least one a way; the last one is ended
  --rows N           about so many rows in all tables together (default ${ROWS.usual})
  --rate N           changes a second (default ${RATE.usual})
  --ways W,…         ${WAYS.join(', ')} (default: all that this machine has servers for)
  --stop-seconds S   how long a replica applies nothing in each run (default ${STOP_SECONDS.usual})

Exit codes: 0 every run was right, 1 one was not, 2 wrong usage, 4 something broke.
`;

/** Undefined when help was asked for. */
export function readOptions(args: readonly string[]): LiveOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  return {
    seed: wholeNumber('--seed', values.seed, { min: 0, max: SEED_MAX }) ?? randomInt(1, SEED_MAX),
    minutes: wholeNumber('--minutes', values.minutes, { min: 1, max: MINUTES.max }) ?? MINUTES.usual,
    rows: wholeNumber('--rows', values.rows, ROWS) ?? ROWS.usual,
    rate: wholeNumber('--rate', values.rate, RATE) ?? RATE.usual,
    ways: waysOf(values.ways),
    stopMs:
      1000 *
      (wholeNumber('--stop-seconds', values['stop-seconds'], { min: 0, max: STOP_SECONDS.max }) ??
        STOP_SECONDS.usual),
  };
}

function waysOf(text: string | undefined): readonly Way[] {
  if (text === undefined) return WAYS;
  return text.split(',').map((word) => {
    const way = WAYS.find((one) => one === word);
    if (way) return way;
    throw new UsageError(`--ways must be some of ${WAYS.join(', ')}, joined by commas; found '${word}'`);
  });
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
          rate: { type: 'string' },
          ways: { type: 'string' },
          'stop-seconds': { type: 'string' },
          help: { type: 'boolean', short: 'h', default: false },
        },
      }).values,
  );
}
