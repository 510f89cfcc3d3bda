/** `rowparity rerun RUN --as NEW`: compares the inconclusive or differing shards of a settled run anew. */
import type { RerunOrder } from '@rowparity/contracts';
import { type Command, Option } from 'commander';
import { answerEither } from '../output/answer.ts';
import { coordinatorOption } from '../services/addresses.ts';
import { openClient, orUsageError } from '../services/openClient.ts';

interface RerunFlags {
  readonly coordinator: string;
  readonly as: string;
  readonly json?: boolean;
  readonly only?: string;
}

const HELP = `
The other shards are inherited with their results and times. Report and certificate say so, and the new run is never
consistent: that takes a run of all shards. Spec, servers, tables and schemas must be as they were.`;

export function addRerun(program: Command): void {
  program
    .command('rerun')
    .description('compare only the inconclusive or differing shards of a settled run anew, as a new run')
    .argument('<run>', 'id of the settled run')
    .addOption(new Option('--as <run>', 'id of the new run').makeOptionMandatory())
    .option('--only <outcomes>', 'inconclusive, differs, or both with a comma between; both when left out')
    .addOption(coordinatorOption())
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', HELP)
    .action(async (base: string, { coordinator, json, as: runId, only }: RerunFlags) => {
      // The coordinator checks the words, and names the wrong one.
      const order = { runId, ...(only === undefined ? {} : { only: only.split(',') }) } as RerunOrder;
      const data = await orUsageError(openClient({ coordinator }).rerun(base, order));
      await answerEither(json, { data, text: `${runId} ${data.state}\n` });
    });
}
