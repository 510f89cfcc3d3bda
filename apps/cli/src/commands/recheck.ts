/** `rowparity recheck RUN --as NEW`: looks at the known differences of a settled run again, after a repair. */
import { type Command, Option } from 'commander';
import { answerEither } from '../output/answer.ts';
import { coordinatorOption } from '../services/addresses.ts';
import { openClient, orUsageError } from '../services/openClient.ts';

interface RecheckFlags {
  readonly coordinator: string;
  readonly as: string;
  readonly json?: boolean;
}

const HELP = `
Only the keys that the run kept are read ("rowparity known"). The new run is never consistent: it tells how many are
resolved, still different and unstable. Spec, servers, tables and schemas must be as they were.`;

export function addRecheck(program: Command): void {
  program
    .command('recheck')
    .description('look only at the known differences of a settled run again, as a new run')
    .argument('<run>', 'id of the settled run')
    .addOption(new Option('--as <run>', 'id of the new run').makeOptionMandatory())
    .addOption(coordinatorOption())
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', HELP)
    .action(async (base: string, { coordinator, json, as: runId }: RecheckFlags) => {
      const data = await orUsageError(openClient({ coordinator }).recheck(base, { runId }));
      await answerEither(json, { data, text: `${runId} ${data.state}\n` });
    });
}
