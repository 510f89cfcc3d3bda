/**
 * `npm run bench`: the engine against the limit; with `--peers` and `--detection`, the packed command against the tools
 * that a user would choose instead.
 */
import { benchEngine } from './engine/benchEngine.ts';
import { readOptions } from './engine/options.ts';
import { benchPeers } from './peers/benchPeers.ts';
import { readPeersOptions } from './peers/peersOptions.ts';

const peersOptions = readPeersOptions(process.argv.slice(2));
if (peersOptions) await benchPeers(peersOptions);
else await benchEngine(readOptions());
