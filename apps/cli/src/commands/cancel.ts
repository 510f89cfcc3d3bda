/** `rowparity cancel RUN`: ends a run without a proof. */
import type { Command } from 'commander';
import { answer } from '../output/answer.ts';
import { coordinatorOption } from '../services/addresses.ts';
import { openClient, orUsageError } from '../services/openClient.ts';

export function addCancel(program: Command): void {
  program
    .command('cancel')
    .description('cancel a run; what was found stays in its report')
    .argument('<run>', 'id of the run')
    .addOption(coordinatorOption())
    .action(async (runId: string, { coordinator }: { coordinator: string }) => {
      const { state, verdict } = await orUsageError(openClient({ coordinator }).cancel(runId));
      const settled = `${runId} was settled before: ${verdict}\n`;
      await answer([state === 'settled' ? settled : `${runId} is being cancelled\n`]);
    });
}
