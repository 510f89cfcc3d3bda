/** `rowparity doctor`: looks at everything that a run needs, and says what is wrong and how to mend it. */
import { doctorReportOf, type Finding } from '@rowparity/contracts';
import { machineFindings } from '@rowparity/core';
import { databaseOf } from '@rowparity/mysql';
import { EXIT, processVariable } from '@rowparity/runtime';
import type { Command } from 'commander';
import { limitOptions, readLimits } from '../checking/limitOptions.ts';
import { concurrencyOf, type SpecSources, textsOfFiles } from '../checking/settings.ts';
import { type SpecTexts, specOptions } from '../checking/specOptions.ts';
import {
  CONNECTIONS_HELP,
  type ConnectionFlags,
  connectionOptions,
  PLACES,
  type Place,
} from '../connecting/connectionOptions.ts';
import { isGiven, readTargets, type Targets } from '../connecting/readTargets.ts';
import { diagnoseDatabases } from '../diagnosing/diagnoseDatabases.ts';
import { diagnoseFleet } from '../diagnosing/diagnoseFleet.ts';
import { doctorLines } from '../diagnosing/doctorLines.ts';
import { pageOf } from '../diagnosing/findingLines.ts';
import { readMachineFacts } from '../diagnosing/machineFacts.ts';
import { answer } from '../output/answer.ts';
import { coordinatorOption, reporterOption } from '../services/addresses.ts';

interface DoctorFlags extends SpecTexts, ConnectionFlags, SpecSources {
  readonly concurrency: string;
  readonly ledger?: string;
  readonly json?: boolean;
  readonly fleet?: boolean;
  readonly coordinator: string;
  readonly reporter: string;
}

const FLEET_VARIABLES = ['ROWPARITY_REDIS_URL', 'ROWPARITY_KAFKA_BROKERS'] as const;

const HELP = `
It takes the options of "rowparity check", so that the same command line can be
tried before. It looks at connection and login, TLS, version, settings of the
session, connections left, the SELECT privilege, tables on one side, keys,
indexes and types, clocks, replication, and the place for the state of the run.
It reads schemas and variables, no rows, and changes nothing.

With --fleet, or where ROWPARITY_REDIS_URL or ROWPARITY_KAFKA_BROKERS is set, it
also asks coordinator and reporter (with the token in ROWPARITY_HTTP_TOKEN). The
coordinator looks at its Redis, its databases and, where it is told of brokers,
at Kafka.

${CONNECTIONS_HELP}

✓ well   ! a run can begin, but look at it   - not looked at
✗ a run would be refused, or prove nothing about it
Exit codes: 0 nothing is wrong (there may be warnings), 2 something is wrong,
4 internal error.`;

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
    .option(
      '--fleet',
      'look at coordinator, reporter, Redis and Kafka, too; without connections at them alone',
    )
    .option('--json', 'the findings as JSON (docs/schemas/doctor-report.schema.json)')
    .addHelpText('after', HELP);
  const services = [coordinatorOption(), reporterOption()];
  for (const option of [...services, ...connectionOptions(), ...specOptions(), ...limitOptions()]) {
    command.addOption(option);
  }
  command.action(async (source: string | undefined, destination: string | undefined, flags: DoctorFlags) => {
    process.title = 'rowparity doctor';
    process.exitCode = await doctor({ source, destination }, flags);
  });
}

type Urls = Readonly<Record<Place, string | undefined>>;

async function doctor(urls: Urls, flags: DoctorFlags): Promise<number> {
  const isFleet = flags.fleet === true || FLEET_VARIABLES.some((name) => processVariable(name));
  const targets =
    flags.fleet && !PLACES.some((place) => isGiven(place, urls, flags))
      ? undefined
      : await readTargets(urls, flags);
  const { coordinator, reporter } = flags;
  const report = doctorReportOf([
    ...(targets ? await ofDatabases(targets, flags) : []),
    ...(isFleet ? await diagnoseFleet({ coordinator, reporter }) : []),
  ]);
  const places = new Map(targets && PLACES.map((place) => [place, databaseOf(targets[place])]));
  await answer(
    flags.json
      ? [`${JSON.stringify(report, null, 2)}\n`]
      : doctorLines(report, places, pageOf(process.stdout)).map((line) => `${line}\n`),
  );
  return report.healthy ? EXIT.ok : EXIT.configuration;
}

async function ofDatabases(targets: Targets, flags: DoctorFlags): Promise<readonly Finding[]> {
  const isAll = flags.tables === undefined && flags.tablesFile === undefined && flags.spec === undefined;
  const texts = { ...flags, ...(await textsOfFiles(isAll ? { ...flags, tables: '*' } : flags)) };
  const [concurrency, limits] = [concurrencyOf(flags.concurrency), readLimits(flags)];
  return [
    ...(await diagnoseDatabases({ targets, texts, concurrency, limits })),
    ...machineFindings(await readMachineFacts(flags.ledger)),
  ];
}
