/** Runs the command line: its words, its errors, and its exit code. */

import { Fault, printable } from '@rowparity/contracts';
import { EXIT, unknownProcessVariables } from '@rowparity/runtime';
import { exitCodeOfError } from './exitCodeOfError.ts';
import { buildProgram } from './program.ts';
import { UsageError } from './usage/usageError.ts';

/** By then all output is written: standard output is synchronous, or the command waited for it. */
const END_GRACE_MS = 300;

const program = buildProgram();

program.hook('preAction', () => {
  const unknown = unknownProcessVariables();
  if (unknown.length > 0) throw new UsageError(unknown.join('\n'));
});

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
