/** `rowparity watch RUN`: live progress until the run is settled; the exit code is its verdict. */
import type { Command } from 'commander';
import { reporterOption } from '../services/addresses.ts';
import { exitCodeOf } from '../services/exitCodeOf.ts';
import { watchRun } from '../terminal/watching.ts';

export function addWatch(program: Command): void {
  program
    .command('watch')
    .description('watch a run until it is settled; the exit code is its verdict')
    .argument('<run>', 'id of the run')
    .addOption(reporterOption())
    .action(async (runId: string, { reporter }: { reporter: string }) => {
      process.exitCode = exitCodeOf(await watchRun(runId, reporter));
    });
}
