/** `rowparity pause RUN` and `rowparity resume RUN`: no worker holds a paused run, and it keeps what it has. */
import type { Command } from 'commander';
import { answerEither } from '../output/answer.ts';
import { coordinatorOption } from '../services/addresses.ts';
import { openClient, orUsageError } from '../services/openClient.ts';

export function addPauses(program: Command): void {
  addControl(program, 'pause', 'pause a run: workers let go of it, and it keeps what was compared');
  addControl(program, 'resume', 'resume a paused run where it was');
}

function addControl(program: Command, call: 'pause' | 'resume', description: string): void {
  program
    .command(call)
    .description(description)
    .argument('<run>', 'id of the run')
    .addOption(coordinatorOption())
    .option('--json', 'print the answer as JSON')
    .action(async (runId: string, { coordinator, json }: { coordinator: string; json?: boolean }) => {
      const data = await orUsageError(openClient({ coordinator })[call](runId));
      await answerEither(json, { data, text: `${runId} is ${call}d\n` });
    });
}
