/** The whole command line as a tree of commands and options: one file a command. It runs nothing. */
import { EXIT } from '@rowparity/runtime';
import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { addCancel } from './commands/cancel.ts';
import { addCertificate } from './commands/certificate.ts';
import { addCheck } from './commands/check.ts';
import { addCompletion } from './commands/completion.ts';
import { addDiff } from './commands/diff.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvents } from './commands/events.ts';
import { addExplain } from './commands/explain.ts';
import { addGate } from './commands/gate.ts';
import { addInit } from './commands/init.ts';
import { addKnown } from './commands/known.ts';
import { addMigrations } from './commands/migrations.ts';
import { addPauses } from './commands/pauses.ts';
import { addRecheck } from './commands/recheck.ts';
import { addRepair } from './commands/repair.ts';
import { addReport } from './commands/report.ts';
import { addRerun } from './commands/rerun.ts';
import { addRuns } from './commands/runs.ts';
import { addSubmit } from './commands/submit.ts';
import { addWatch } from './commands/watch.ts';
import { addWatches } from './commands/watches.ts';
import { examplesOf } from './usage/examples.ts';

/** In the order of the help. */
const COMMANDS = [
  ...[addCheck, addInit, addDoctor, addDiff, addRepair, addExplain, addEvents, addCompletion],
  ...[addSubmit, addWatch, addReport, addGate, addRuns, addPauses, addRerun, addMigrations],
  ...[addRecheck, addWatches, addKnown, addCancel, addCertificate],
];

export function buildProgram(): Command {
  const program = new Command('rowparity')
    .description(
      'Proves that two MySQL databases hold the same rows while a migration between them is running.',
    )
    .version(manifest.version, '--version', 'show the version')
    .addHelpText(
      'after',
      '\nExit codes: 0 consistent or done, 1 inconsistent, 2 usage or configuration, 3 inconclusive, 4 internal error.',
    )
    .exitOverride((error) => {
      process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.configuration);
    });
  for (const addCommand of COMMANDS) addCommand(program);
  addExamples(program);
  return program;
}

/** Behind all other text of a help. */
function addExamples(command: Command, path: readonly string[] = []): void {
  const examples = examplesOf(path);
  if (examples) command.addHelpText('after', examples);
  for (const below of command.commands) addExamples(below, [...path, below.name()]);
}
