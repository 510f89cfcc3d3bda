// `npm run chaos`: faults at random, on servers and processes of our own, for as long as one likes. Ends everything
// that it started, also after an error.

import { runCommand } from '@rowparity/harness';
import { readOptions, USAGE } from './options.ts';
import { runChaos } from './runChaos.ts';

await runCommand({ usage: USAGE, readOptions, run: runChaos });
