// The demo's flags. A wrong flag ends the demo with exit code 2 before anything is started.

import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { direction } from '@rowparity/contracts';
import { orWrongUsage, UsageError, wholeNumber } from '@rowparity/harness';

export interface DemoOptions {
  readonly rows: number;
  readonly seed: number;
  readonly direction: 'SRC' | 'DST';
  readonly workers: number;
  readonly killWorker: boolean;
  readonly keep: boolean;
  readonly json: string | undefined;
}

const ROWS_DEFAULT = 500_000;
const ROWS_MIN = 1000;
const ROWS_MAX = 50_000_000;
const SEED_MAX = 1_000_000;
const WORKERS_MAX = 16;

export const USAGE = `usage: npm run demo -- [flags]

  --rows N           about so many rows in all tables together (default ${ROWS_DEFAULT})
  --seed S           makes the same shop and the same differences again (default: a random one, printed)
  --direction SRC    which side is right: SRC or DST (default SRC)
  --workers N        worker processes (default 2)
  --kill-worker      kill one worker with SIGKILL in the middle of the run
  --keep             leave everything running until Ctrl-C
  --json FILE        write the outcome as JSON

Exit codes: 0 found is exactly what was planted, 1 it is not, 2 wrong usage, 4 something broke.
`;

/** Undefined when help was asked for. */
export function readOptions(args: readonly string[]): DemoOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const side = direction.safeParse(values.direction);
  if (!side.success) throw new UsageError(`--direction: expected SRC or DST, found ${values.direction}`);
  return {
    rows: wholeNumber('--rows', values.rows, { min: ROWS_MIN, max: ROWS_MAX }) ?? ROWS_DEFAULT,
    seed: wholeNumber('--seed', values.seed, { min: 0, max: SEED_MAX }) ?? randomInt(1, SEED_MAX),
    direction: side.data,
    workers: wholeNumber('--workers', values.workers, { min: 1, max: WORKERS_MAX }) ?? 2,
    killWorker: values['kill-worker'],
    keep: values.keep,
    json: values.json,
  };
}

function parse(args: readonly string[]) {
  return orWrongUsage(
    () =>
      parseArgs({
        args: [...args],
        options: {
          rows: { type: 'string' },
          seed: { type: 'string' },
          direction: { type: 'string', default: 'SRC' },
          workers: { type: 'string' },
          'kill-worker': { type: 'boolean', default: false },
          keep: { type: 'boolean', default: false },
          json: { type: 'string' },
          help: { type: 'boolean', short: 'h', default: false },
        },
      }).values,
  );
}
