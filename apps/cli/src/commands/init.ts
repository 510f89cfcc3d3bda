/** `rowparity init`: asks for two databases and their tables, tries them, and writes a run file. */
import { printable } from '@rowparity/contracts';
import type { Command } from 'commander';
import {
  CONNECTIONS_HELP,
  type ConnectionFlags,
  connectionOptions,
} from '../connecting/connectionOptions.ts';
import { pageOf } from '../diagnosing/findingLines.ts';
import { initialize } from '../initializing/initialize.ts';
import { answer } from '../output/answer.ts';

interface InitFlags extends ConnectionFlags {
  readonly force?: boolean;
}

const HELP = `
It asks for source and destination, for tables, and for the place of the events.
It tries both connections at once, as "rowparity doctor" does, and writes a file
for "rowparity check --spec" or "rowparity submit". No password is written.
Connections that option files or variables give already are offered.

${CONNECTIONS_HELP}

Exit codes: 0 the file is written, 2 it is there already, standard input is no
terminal, or the questions were left.`;

export function addInit(program: Command): void {
  const command = program
    .command('init')
    .description('ask for two databases and their tables, try them, and write a run file')
    .argument('[file]', 'the file to write', 'run.yaml')
    .option('--force', 'write it anew when it is there')
    .addHelpText('after', HELP);
  for (const option of connectionOptions()) command.addOption(option);
  command.action(async (file: string, { force, ...flags }: InitFlags) => {
    process.title = 'rowparity init';
    const steps = await initialize({ file, flags, isForced: force === true, page: pageOf(process.stderr) });
    await answer([`\n${steps.map((line) => printable(line)).join('\n')}\n`]);
  });
}
