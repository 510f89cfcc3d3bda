/** Wires the command line: one file a command. */

import { Fault, printable } from '@rowparity/contracts';
import { EXIT, unknownProcessVariables } from '@rowparity/runtime';
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
import { exitCodeOfError } from './exitCodeOfError.ts';
import { UsageError } from './usage/usageError.ts';

/** By then all output is written: standard output is synchronous, or the command waited for it. */
const END_GRACE_MS = 300;

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

program.hook('preAction', () => {
  const unknown = unknownProcessVariables();
  if (unknown.length > 0) throw new UsageError(unknown.join('\n'));
});

addCheck(program);
addInit(program);
addDoctor(program);
addDiff(program);
addRepair(program);
addExplain(program);
addEvents(program);
addCompletion(program);
addSubmit(program);
addWatch(program);
addReport(program);
addGate(program);
addRuns(program);
addPauses(program);
addRerun(program);
addMigrations(program);
addRecheck(program);
addWatches(program);
addKnown(program);
addCancel(program);
addCertificate(program);

// A write tells of its own error; without a listener the stream's event would end the process with Node's exit code 1,
// which says "inconsistent" here.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.on('uncaughtException', (error) => {
  process.stderr.write(`rowparity: ${error.stack ?? error.message}\n`);
  process.exit(EXIT.internal);
});

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`rowparity: ${messageLines(error)}\n`);
  process.exitCode = exitCodeOfError(error);
}

/** Makes texts printable: a name in a fault must not break a line or move the cursor. */
function messageLines(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Fault) return printable(message);
  return message
    .split('\n')
    .map((line) => printable(line))
    .join('\n');
}

// A session that was being opened when its run was stopped must not keep the process alive.
setTimeout(() => process.exit(), END_GRACE_MS).unref();
