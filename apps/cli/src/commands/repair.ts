/** `rowparity repair EVENTS --sql FILE`: writes statements that repair the rows of events. It executes none of them. */
import { many } from '@rowparity/contracts';
import { EXIT, systemClock, wholeNumber } from '@rowparity/runtime';
import { type Command, Option } from 'commander';
import { openDatabases } from '../checking/databases.ts';
import { pickedOptions, type SpecTexts } from '../checking/specOptions.ts';
import { type ConnectionFlags, connectionOptions } from '../connecting/connectionOptions.ts';
import { readTargets } from '../connecting/readTargets.ts';
import { placesOf, specOfRows } from '../diffing/showRows.ts';
import { wantedRows } from '../diffing/wantedRows.ts';
import { writeWhole } from '../output/writeWhole.ts';
import { gatherRepairs } from '../repairing/gatherRepairs.ts';
import { leftOutCounts, leftOutWords, repairFiles } from '../repairing/repairFiles.ts';
import { UsageError } from '../usage/usageError.ts';

/** Rows of one file: all statements are held until their number is known. */
const ROWS_MAX = 100_000;
const BATCH_DEFAULT = 100;
const BATCH_MAX = 10_000;
/** The files hold values: their owner alone may read them. */
const PRIVATE = 0o077;

interface RepairFlags extends SpecTexts, ConnectionFlags {
  readonly source?: string;
  readonly destination?: string;
  readonly table?: string;
  readonly sql: string;
  readonly undo?: string;
  readonly batch: string;
}

const HELP = `
The statements copy from the side that the events trust: with direction SRC they are for the destination. Rows are read as they
are now; events of rows that were unstable, and of rows that differ otherwise by now, are left out and named.
Each statement is guarded by the values that it replaces. Columns that the server computes are left out; tables are in the
order of their foreign keys. Both files hold row values, and only you may read them.

Example:
  rowparity check --tables '*' --events events.ndjson
  rowparity repair events.ndjson --sql repair.sql
  mysql --host new-host shop < repair.sql        # take it back: < repair.sql.undo.sql

Exit codes: 0 every row is in the file or equal by now, 2 usage or configuration, 3 some rows were left out, 4 internal error.`;

export function addRepair(program: Command): void {
  const command = program
    .command('repair')
    .description('write SQL that repairs the rows of events; nothing is executed')
    .argument('<events>', 'file of events, as JSON lines; - is standard input')
    .addOption(new Option('--sql <file>', 'file for the statements').makeOptionMandatory())
    .option('--undo <file>', 'file for the statements that take them back (default: FILE.undo.sql)')
    .option('--source <url>', 'mysql://user:password@host:port/database')
    .option('--destination <url>', 'the same, for the destination')
    .option('--table <name>', 'only rows of this table, by its name on the source')
    .option('--batch <statements>', 'statements of one transaction', String(BATCH_DEFAULT))
    .addHelpText('after', HELP);
  for (const option of connectionOptions()) command.addOption(option);
  for (const option of pickedOptions(['--columns', '--exclude-columns', '--map', '--rules-off'])) {
    command.addOption(option);
  }
  command.action(async (events: string, flags: RepairFlags) => {
    process.title = 'rowparity repair';
    process.umask(PRIVATE);
    process.exitCode = await repair(events, flags);
  });
}

async function repair(events: string, flags: RepairFlags): Promise<number> {
  const urls = { source: flags.source, destination: flags.destination };
  const targets = await readTargets(urls, flags);
  const batch = batchOf(flags.batch);
  const wanted = await wantedRows({
    events,
    table: flags.table,
    key: undefined,
    direction: 'SRC',
    limit: ROWS_MAX + 1,
  });
  if (wanted.length > ROWS_MAX) {
    throw new UsageError(
      `${events}: expected events of at most ${ROWS_MAX} rows; repair one --table at a time`,
    );
  }
  const directions = [...new Set(wanted.map((row) => row.direction))];
  const [side = 'SRC', other] = directions;
  if (other) throw new UsageError(`${events}: expected events of one direction, found SRC and DST`);
  const databases = openDatabases(targets, { concurrency: 1 });
  try {
    await databases.connect();
    const spec = specOfRows({ side, rows: wanted, texts: flags }, databases.refs);
    const { signal } = new AbortController();
    const tables = wanted.length === 0 ? [] : await gatherRepairs(spec, wanted, { databases, signal });
    const places = placesOf(side);
    const files = repairFiles(tables, {
      ...{ target: databases.places[places.target], base: databases.places[places.base] },
      ...{ events, batch, now: systemClock.now() },
    });
    // The undo first: statements must not be run before it is there.
    const undo = flags.undo ?? `${flags.sql}.undo.sql`;
    await writeWhole(undo, [files.undo]);
    await writeWhole(flags.sql, [files.repair]);
    const counts = leftOutCounts(tables);
    const statements = tables.reduce((sum, { repairs }) => sum + repairs.length, 0);
    const said = [
      `${many(statements, 'statement', 'statements')} in ${flags.sql}, to be run on ${databases.places[places.target]}; undo in ${undo}`,
    ];
    for (const line of [...said, ...leftOutWords(counts)]) process.stderr.write(`rowparity: ${line}\n`);
    const isLess = [...counts.keys()].some((reason) => reason !== 'equal');
    return isLess ? EXIT.inconclusive : EXIT.ok;
  } finally {
    await databases.close();
  }
}

function batchOf(text: string): number {
  const read = wholeNumber({ min: 1, max: BATCH_MAX }).safeParse(text);
  if (read.success) return read.data;
  throw new UsageError(`--batch: ${read.error.issues[0]?.message}; found "${text}"`);
}
