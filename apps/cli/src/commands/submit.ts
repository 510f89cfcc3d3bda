/** `rowparity submit FILE`: posts a run spec to the coordinator, or asks what it would compare. */
import { printable, type RunSpecInput } from '@rowparity/contracts';
import { EXIT } from '@rowparity/runtime';
import { type Command, Option } from 'commander';
import { answerEither } from '../output/answer.ts';
import { dryRunLines, isPlannable } from '../reports/dryRunLines.ts';
import { coordinatorOption, reporterOption } from '../services/addresses.ts';
import { exitCodeOf } from '../services/exitCodeOf.ts';
import { openClient, orUsageError } from '../services/openClient.ts';
import { watchRun } from '../terminal/watching.ts';
import { readDocument } from '../usage/readDocument.ts';

interface SubmitFlags {
  readonly coordinator: string;
  readonly reporter: string;
  readonly wait?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function addSubmit(program: Command): void {
  program
    .command('submit')
    .description('submit a run spec (JSON or YAML); the same spec again is the same run')
    .argument('<file>', 'the spec, or - for standard input')
    .addOption(coordinatorOption())
    .addOption(reporterOption())
    .option('--json', 'print the answer as JSON')
    .option('--wait', 'watch the run until it is settled; the exit code is its verdict')
    .addOption(new Option('--dry-run', 'show what would be compared, and make no run').conflicts('wait'))
    .action(async (file: string, { coordinator, reporter, wait, dryRun, json }: SubmitFlags) => {
      const spec = await readDocument<RunSpecInput>(file);
      if (dryRun) {
        const planned = await orUsageError(openClient({ coordinator }).dryRun(spec));
        await answerEither(json, { data: planned, text: `${dryRunLines(planned).join('\n')}\n` });
        process.exitCode = isPlannable(planned) ? EXIT.ok : EXIT.configuration;
        return;
      }
      const run = await orUsageError(openClient({ coordinator }).submit(spec));
      for (const { message } of run.notes) process.stderr.write(`rowparity: ${printable(message)}\n`);
      await answerEither(json, { data: run, text: `${run.runId} ${run.state}\n` });
      if (wait) process.exitCode = exitCodeOf(await watchRun(run.runId, reporter));
    });
}
