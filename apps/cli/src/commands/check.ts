/**
 * `rowparity check SOURCE DESTINATION --tables …`: the whole engine in this one process. The exit code is the verdict.
 */

import { Fault } from '@rowparity/contracts';
import { EXIT } from '@rowparity/runtime';
import type { Command } from 'commander';
import { draftSpec } from '../checking/chooseRun.ts';
import { commandWords } from '../checking/commandWords.ts';
import { openDatabases } from '../checking/databases.ts';
import { dryRunPlan } from '../checking/dryRunPlan.ts';
import { explanation } from '../checking/explain.ts';
import { limitOptions } from '../checking/limitOptions.ts';
import { runCheck } from '../checking/runCheck.ts';
import { type CheckFlags, type CheckSettings, readSettings } from '../checking/settings.ts';
import { specOptions } from '../checking/specOptions.ts';
import { CONNECTIONS_HELP, connectionOptions } from '../connecting/connectionOptions.ts';
import { answer } from '../output/answer.ts';

const HELP = `
${CONNECTIONS_HELP}
Validation needs the SELECT privilege, and takes no lock. "rowparity doctor" tells whether all that it needs is there.

A table that is named and is not there ends the command before anything is compared; --keep-going compares the others.
Names of tables and columns are those of the source. An option for a table that only a pattern could find is refused.

Exit codes: 0 consistent; 1 inconsistent: the events name every row; 2 usage or configuration, or not one table could
be compared; 3 inconclusive: stopped, a fault, rows that kept changing, or some tables were refused while all others
match; 4 internal error. A run that found differences ends with 1, also when other things failed.

A certificate is verified with "rowparity certificate verify FILE", on any machine that has the file; keep its head elsewhere.

Events are sent at least once: a continued run may repeat some, with the same EventID. A new run writes the files of
--events, --report and --certificate anew; a continued one appends its events. A full disk under the ledger or the events
stops the run, which can be continued; a report or certificate that cannot be written is exit 3 as well.

A database is not compared with itself (SAME_DATABASE, exit 2): name other tables of it with --map, or give --allow-same.

--resume continues an unfinished run only; after a settled one it begins a new run. "rowparity report --ledger FILE" and
"rowparity certificate --ledger FILE" write report and certificate of a settled run again.

Ledgers in .rowparity are removed at a later start, 30 days after their run was settled. Those of interrupted runs stay, and so does every file that --ledger put elsewhere.`;

export function addCheck(program: Command): void {
  const command = program
    .command('check')
    .description('compare two databases in one process: no Redis, no Kafka; the exit code is the verdict')
    .argument('[source-url]', 'mysql://user:password@host:port/database')
    .argument('[destination-url]', 'the same, for the destination')
    .option(
      '--spec <file>',
      'a run spec as JSON or YAML, as "rowparity submit" takes it; flags win over it, its connections are not used',
    )
    .option('--tables-file <file>', 'file with names of tables or patterns, one a line')
    .option('--concurrency <shards>', 'shards compared at once, 1 to 64', '4')
    .option(
      '--events <file>',
      'file for the events, as JSON lines; - is standard output (default: standard output; a file in .rowparity where that is a terminal)',
    )
    .option(
      '--report <file>',
      'file for the report: .md, .html, or JSON for any other suffix; - is standard output',
    )
    .option('--certificate <file>', 'file for the certificate: what was compared, to be verified offline')
    .option('--ledger <file>', 'file that keeps the state of the run (default: .rowparity/<run>.sqlite)')
    .option('--resume', 'continue the unfinished run of this comparison; begin a new one when there is none')
    .option('--limit <rows>', 'stop when so many rows differ: exit 1; --resume goes on')
    .option(
      '--max-minutes <minutes>',
      'stop after so much time: exit 3, or 1 if rows differ; --resume goes on',
    )
    .option('--explain', 'show schemas, columns, key, shards and SQL; compare nothing')
    .option('--keep-going', 'compare the other tables when a named one does not exist')
    .option('--quiet', 'no progress, and no summary of a run that was compared just now and is consistent')
    .addHelpText('after', HELP);
  for (const option of [...connectionOptions(), ...specOptions(), ...limitOptions()])
    command.addOption(option);
  command.action(async (source: string | undefined, destination: string | undefined, flags: CheckFlags) => {
    // Overwrites the process's arguments, so that the list of processes does not show a password.
    process.title = 'rowparity check';
    // What is only a default does not win over the file.
    const isAsked = command.getOptionValueSource('direction') !== 'default' || flags.spec === undefined;
    const asked = isAsked ? flags : { ...flags, direction: undefined };
    const settings = await readSettings({ source, destination }, asked);
    const ended = flags.explain ? explain(settings) : runCheck(settings);
    process.exitCode = await ended.catch(inWordsOfCommand);
  });
}

function inWordsOfCommand(error: unknown): never {
  if (error instanceof Fault) error.message = commandWords(error.message);
  throw error;
}

/** Resolves to the exit code, which is not 0 when a table would be refused. */
async function explain({ targets, texts }: CheckSettings): Promise<number> {
  const databases = openDatabases(targets, { concurrency: 1 });
  try {
    const spec = draftSpec({ texts, refs: databases.refs, database: targets.source.database, now: 0 });
    await databases.connect();
    const { signal } = new AbortController();
    return await dryRunPlan(spec, { databases, signal }, async (run, ledger) => {
      const links = { source: databases.link('source'), destination: databases.link('destination') };
      await answer([await explanation(run, ledger, links)]);
      return run.tables.some(({ refusal }) => refusal) ? EXIT.configuration : EXIT.ok;
    });
  } finally {
    await databases.close();
  }
}
