/** `rowparity watches`: series of runs over one spec. `rowparity watch` looks on at a single run. */
import { printable, type WatchAnswer, type WatchSpecInput } from '@rowparity/contracts';
import type { Command } from 'commander';
import { answerEither } from '../output/answer.ts';
import { coordinatorOption } from '../services/addresses.ts';
import { openClient, orUsageError } from '../services/openClient.ts';
import { readDocument } from '../usage/readDocument.ts';

interface WatchFlags {
  readonly coordinator: string;
  readonly json?: boolean;
}

const HELP = `
Each generation of a watch is a run named WATCH.NUMBER. It looks at the known differences of the one before it first and
tells new, still and resolved ones (docs/operating.md). "rowparity watch RUN" looks on at one run.`;

export function addWatches(program: Command): void {
  const watches = program
    .command('watches')
    .description('series of runs over one spec: start, stop, show')
    .addHelpText('after', HELP);
  addOne(watches, 'start', 'begin a watch, or go on with one that was stopped')
    .argument('<watch>', 'id of the watch')
    .argument('<file>', 'the spec of the watch, as JSON or YAML; - is standard input')
    .action(async (watchId: string, file: string, flags: WatchFlags) => {
      // The coordinator checks it, and names every place that is wrong.
      const spec = await readDocument<WatchSpecInput>(file);
      await tell([await orUsageError(openClient(flags).putWatch(watchId, spec))], flags);
    });
  addOne(watches, 'stop', 'stop a watch; its last run goes on to its verdict')
    .argument('<watch>', 'id of the watch')
    .action(async (watchId: string, flags: WatchFlags) => {
      await tell([await orUsageError(openClient(flags).stopWatch(watchId))], flags);
    });
  addOne(watches, 'show', 'where watches stand')
    .argument('[watch]', 'id of the watch; all when left out')
    .action(async (watchId: string | undefined, flags: WatchFlags) => {
      const client = openClient(flags);
      const found = watchId === undefined ? client.watches() : client.watch(watchId).then((one) => [one]);
      await tell(await orUsageError(found), flags);
    });
}

function addOne(watches: Command, name: string, description: string): Command {
  return watches
    .command(name)
    .description(description)
    .option('--json', 'print the answer as JSON')
    .addOption(coordinatorOption());
}

async function tell(watches: readonly WatchAnswer[], { json }: WatchFlags): Promise<void> {
  const text = watches.map((watch) => `${printable(lineOf(watch))}\n`).join('');
  await answerEither(json, { data: watches, text });
}

function lineOf({ watchId, state, generation, run, nextAt }: WatchAnswer): string {
  const last = run ? `generation ${generation} ${run.verdict ?? run.state}` : `generation ${generation}`;
  const next = nextAt === null ? '' : `, the next one from ${new Date(nextAt).toISOString()}`;
  return `${watchId}  ${state}, ${last}${next}`;
}
