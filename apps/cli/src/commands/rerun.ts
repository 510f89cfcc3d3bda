/** `rowparity rerun RUN --as NEW`: compares the inconclusive or differing shards of a settled run anew. */
import { type Command, Option } from 'commander';
import { answer } from '../output/answer.ts';
import { coordinatorOption } from '../services/addresses.ts';
import { askService } from '../services/askService.ts';

interface RerunFlags {
  readonly coordinator: string;
  readonly as: string;
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
    .addHelpText('after', HELP)
    .action(async (base: string, { coordinator, as: runId, only }: RerunFlags) => {
      const body = JSON.stringify({ runId, ...(only === undefined ? {} : { only: only.split(',') }) });
      const path = `/v1/runs/${encodeURIComponent(base)}/rerun`;
      const asked = { service: 'coordinator', base: coordinator, path, method: 'POST', body } as const;
      const { state } = (await askService(asked)) as { readonly state: string };
      await answer([`${runId} ${state}\n`]);
    });
}
