/** `rowparity cancel RUN`: ends a run without a proof. */
import type { Command } from 'commander';
import { answer } from '../output/answer.ts';
import { coordinatorOption } from '../services/addresses.ts';
import { askService } from '../services/askService.ts';

export function addCancel(program: Command): void {
  program
    .command('cancel')
    .description('cancel a run; what was found stays in its report')
    .argument('<run>', 'id of the run')
    .addOption(coordinatorOption())
    .action(async (runId: string, { coordinator }: { coordinator: string }) => {
      const path = `/v1/runs/${encodeURIComponent(runId)}/cancel`;
      await askService({ service: 'coordinator', base: coordinator, path, method: 'POST' });
      await answer([`${runId} is being cancelled\n`]);
    });
}
