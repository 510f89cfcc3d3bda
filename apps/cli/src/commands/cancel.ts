/** `rowparity cancel RUN`: ends a run without a proof. */
import type { Command } from 'commander';
import { answerEither } from '../output/answer.ts';
import { coordinatorOption } from '../services/addresses.ts';
import { openClient, orUsageError } from '../services/openClient.ts';

export function addCancel(program: Command): void {
  program
    .command('cancel')
    .description('cancel a run; what was found stays in its report')
    .argument('<run>', 'id of the run')
    .addOption(coordinatorOption())
    .option('--json', 'print the answer as JSON')
    .action(async (runId: string, { coordinator, json }: { coordinator: string; json?: boolean }) => {
      const data = await orUsageError(openClient({ coordinator }).cancel(runId));
      const settled = `${runId} was settled before: ${data.verdict}\n`;
      const text = data.state === 'settled' ? settled : `${runId} is being cancelled\n`;
      await answerEither(json, { data, text });
    });
}
