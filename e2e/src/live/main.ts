// `npm run live`: checks of databases that an application writes to, on servers of its own, for a given time. Ends
// everything that it started, also after an error.

import { runCommand } from '@rowparity/harness';
import { readOptions, USAGE } from './options.ts';
import { runLive } from './runLive.ts';

await runCommand({ usage: USAGE, readOptions, run: runLive });
