/** The options of `npm run bench -- --peers` and `-- --detection`. */
import { parseArgs } from 'node:util';
import { flagsOrExit } from '../shared/flags.ts';

export interface PeersOptions {
  readonly kind: 'peers' | 'detection';
  readonly rows: number;
  readonly repeats: number;
  readonly jsonFile: string;
  /** The path of a sync_diff_inspector that is not on PATH. */
  readonly syncDiffInspector: string | undefined;
}

/** Undefined where the arguments ask for neither. */
export function readPeersOptions(args: readonly string[]): PeersOptions | undefined {
  const { values } = parseArgs({
    ...{ args: [...args], strict: false, allowPositionals: true },
    options: {
      peers: { type: 'boolean' },
      detection: { type: 'boolean' },
      'sync-diff-inspector': { type: 'string' },
    },
  });
  if (!values.peers && !values.detection) return undefined;
  const kind = values.detection ? 'detection' : 'peers';
  const numbers = flagsOrExit({
    command: `bench -- --${kind}`,
    about: 'Installs the tools that registries have and runs every one of them in turns with Rowparity.',
    ...{ numbers: { rows: 1_000_000, repeats: 3 }, jsonFile: `.rowparity/${kind}.json` },
    others: { peers: 'boolean', detection: 'boolean', 'sync-diff-inspector': 'string' },
  });
  const path = values['sync-diff-inspector'];
  return { kind, ...numbers, syncDiffInspector: typeof path === 'string' ? path : undefined };
}
