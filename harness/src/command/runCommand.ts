// What the demo and chaos are as commands: options, exit codes, and an end that can be asked for. The first Ctrl-C
// takes everything down, a second one ends the process at once.

import { UsageError } from './usage.ts';

const EXIT = { asWanted: 0, notAsWanted: 1, usage: 2, broken: 4, interrupted: 130 } as const;

export interface Command<Options> {
  readonly usage: string;
  /** Undefined: help was asked for. Throws UsageError. */
  readonly readOptions: (args: readonly string[]) => Options | undefined;
  /** False: it came out otherwise than it must. */
  readonly run: (options: Options, signal: AbortSignal) => Promise<boolean>;
}

export async function runCommand<Options>(command: Command<Options>): Promise<never> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(EXIT.interrupted);
      console.error('\ninterrupted: taking everything down');
      interruption.abort(new Error('interrupted'));
    });
  }
  process.exit(await exitCodeOf(command, interruption.signal));
}

async function exitCodeOf<Options>(command: Command<Options>, signal: AbortSignal): Promise<number> {
  const { usage, readOptions, run } = command;
  try {
    const options = readOptions(process.argv.slice(2));
    if (!options) {
      process.stdout.write(usage);
      return EXIT.asWanted;
    }
    return (await run(options, signal)) ? EXIT.asWanted : EXIT.notAsWanted;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    console.error(`\n${error instanceof Error ? error.message : error}`);
    if (!(error instanceof UsageError)) return EXIT.broken;
    process.stderr.write(usage);
    return EXIT.usage;
  }
}
