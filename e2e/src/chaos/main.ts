// `npm run chaos`: random faults, on servers and processes of its own, for a given time. Ends everything
// that it started, also after an error.

import { runCommand } from '@rowparity/harness';
import { readOptions, USAGE } from './options.ts';
import { runChaos } from './runChaos.ts';

await runCommand({ usage: USAGE, readOptions, run: runChaos });
