/** `rowparity doctor`: looks at everything that a run needs, and says what is wrong and how to mend it. */
import { doctorReportOf } from '@rowparity/contracts';
import { machineFindings } from '@rowparity/core';
import { serverOf } from '@rowparity/mysql';
import { EXIT } from '@rowparity/runtime';
import type { Command } from 'commander';
import { limitOptions, readLimits } from '../checking/limitOptions.ts';
import { concurrencyOf, type SpecSources, textsOfFiles } from '../checking/settings.ts';
import { type SpecTexts, specOptions } from '../checking/specOptions.ts';
import {
  CONNECTIONS_HELP,
  type ConnectionFlags,
  connectionOptions,
  PLACES,
} from '../connecting/connectionOptions.ts';
import { readTargets } from '../connecting/readTargets.ts';
import { diagnoseDatabases } from '../diagnosing/diagnoseDatabases.ts';
import { doctorLines } from '../diagnosing/doctorLines.ts';
import { readMachineFacts } from '../diagnosing/machineFacts.ts';
import { answer } from '../output/answer.ts';

interface DoctorFlags extends SpecTexts, ConnectionFlags, SpecSources {
  readonly concurrency: string;
  readonly ledger?: string;
  readonly json?: boolean;
}

/** Of a terminal that does not tell, and of a reader. */
const WIDTH = 80;
const WIDTH_MIN = 60;
const WIDTH_MAX = 100;

const HELP = `
It takes the options of "rowparity check", so that the same command line can be tried before: connection and login, TLS, version,
session settings, connections left, the SELECT privilege, tables on one side, keys, indexes and types, clocks, replication, and
the place for the state of the run. It reads schemas and variables, no rows, and changes nothing.

${CONNECTIONS_HELP}

✓ well, ! a run can begin but look at it, ✗ a run would be refused or prove nothing about it, - not looked at.
Exit codes: 0 nothing is wrong (there may be warnings), 2 something is wrong, 4 internal error.`;

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('look at everything that a run needs: what is wrong, and how to mend it')
    .argument('[source-url]', 'mysql://user:password@host:port/database')
    .argument('[destination-url]', 'the same, for the destination')
    .option('--spec <file>', 'a run spec as JSON or YAML, as for "rowparity check"')
    .option('--tables-file <file>', 'file with names of tables or patterns, one a line')
    .option('--concurrency <shards>', 'shards compared at once, 1 to 64', '4')
    .option('--ledger <file>', 'file that would keep the state of the run')
    .option('--json', 'the findings as JSON (docs/schemas/doctor-report.schema.json)')
    .addHelpText('after', HELP);
  for (const option of [...connectionOptions(), ...specOptions(), ...limitOptions()])
    command.addOption(option);
  command.action(async (source: string | undefined, destination: string | undefined, flags: DoctorFlags) => {
    process.title = 'rowparity doctor';
    process.exitCode = await doctor({ source, destination }, flags);
  });
}

async function doctor(
  urls: Readonly<Record<'source' | 'destination', string | undefined>>,
  flags: DoctorFlags,
): Promise<number> {
  const isAll = flags.tables === undefined && flags.tablesFile === undefined && flags.spec === undefined;
  const sources = isAll ? { ...flags, tables: '*' } : flags;
  const texts = { ...flags, ...(await textsOfFiles(sources)) };
  const [concurrency, limits] = [concurrencyOf(flags.concurrency), readLimits(flags)];
  const targets = await readTargets(urls, flags);
  const report = doctorReportOf([
    ...(await diagnoseDatabases({ targets, texts, concurrency, limits })),
    ...machineFindings(await readMachineFacts(flags.ledger)),
  ]);
  const places = new Map(
    PLACES.map((place) => [place, `${serverOf(targets[place])}/${targets[place].database}`]),
  );
  const width = Math.min(Math.max(process.stdout.columns ?? WIDTH, WIDTH_MIN), WIDTH_MAX);
  await answer(
    flags.json
      ? [`${JSON.stringify(report, null, 2)}\n`]
      : doctorLines(report, { places, width }).map((line) => `${line}\n`),
  );
  return report.healthy ? EXIT.ok : EXIT.configuration;
}
