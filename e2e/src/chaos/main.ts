// `npm run chaos`: faults at random, on servers and processes of our own, for as long as one likes. Ends everything
// that it started, whatever happens; a second Ctrl-C ends it at once.

import { readOptions, USAGE, UsageError } from './options.ts';
import { runChaos } from './runChaos.ts';

const EXIT = { fine: 0, notFine: 1, usage: 2, broken: 4, interrupted: 130 } as const;

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interruption.signal.aborted) process.exit(EXIT.interrupted);
    console.error('\ninterrupted: taking everything down');
    interruption.abort(new Error('interrupted'));
  });
}
process.exit(await main());

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2));
    if (!options) {
      process.stdout.write(USAGE);
      return EXIT.fine;
    }
    return (await runChaos(options, interruption.signal)) ? EXIT.fine : EXIT.notFine;
  } catch (error) {
    if (interruption.signal.aborted) return EXIT.interrupted;
    console.error(`\n${error instanceof Error ? error.message : error}`);
    if (!(error instanceof UsageError)) return EXIT.broken;
    process.stderr.write(USAGE);
    return EXIT.usage;
  }
}
