// `npm run demo`: the whole of Rowparity on this machine, against real servers, in one command. Ends everything that it
// started, whatever happens; a second Ctrl-C ends it at once.

import { readOptions, USAGE, UsageError } from './options.ts';
import { runDemo } from './runDemo.ts';

const EXIT = { exact: 0, notExact: 1, usage: 2, broken: 4, interrupted: 130 } as const;

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
      return EXIT.exact;
    }
    return (await runDemo(options, interruption.signal)) ? EXIT.exact : EXIT.notExact;
  } catch (error) {
    if (interruption.signal.aborted) return EXIT.interrupted;
    console.error(`\n${error instanceof Error ? error.message : error}`);
    if (!(error instanceof UsageError)) return EXIT.broken;
    process.stderr.write(USAGE);
    return EXIT.usage;
  }
}
