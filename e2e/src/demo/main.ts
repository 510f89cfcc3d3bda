// `npm run demo`: the whole of Rowparity on this machine, against real servers, in one command. Ends everything that it
// started, also after an error.

import { runCommand } from '@rowparity/harness';
import { readOptions, USAGE } from './options.ts';
import { runDemo } from './runDemo.ts';

await runCommand({ usage: USAGE, readOptions, run: runDemo });
