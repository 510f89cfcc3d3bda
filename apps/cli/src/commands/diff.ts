/** `rowparity diff EVENTS`: the differing columns of rows, read on both sides now and shown side by side. */
import { type Direction, direction } from '@rowparity/contracts';
import { EXIT, wholeNumber } from '@rowparity/runtime';
import { type Command, Option } from 'commander';
import { openDatabases } from '../checking/databases.ts';
import { pickedOptions, type SpecTexts } from '../checking/specOptions.ts';
import { type ConnectionFlags, connectionOptions } from '../connecting/connectionOptions.ts';
import { readTargets } from '../connecting/readTargets.ts';
import { rowLines, type ShownRow } from '../diffing/rowLines.ts';
import { readRows, specOfRows } from '../diffing/showRows.ts';
import { wantedRows } from '../diffing/wantedRows.ts';
import { answer } from '../output/answer.ts';
import { UsageError } from '../usage/usageError.ts';

const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 100_000;

interface DiffFlags extends SpecTexts, ConnectionFlags {
  readonly source?: string;
  readonly destination?: string;
  readonly table?: string;
  readonly key?: string;
  readonly direction: string;
  readonly limit: string;
}

const HELP = `
Connections: --source and --destination, option files, or ROWPARITY_CONNECTION_SOURCE and ROWPARITY_CONNECTION_DESTINATION, as in "rowparity check".
Rows are read now, so a row that was repaired meanwhile is "equal by now". Values go to standard output and nowhere else.

Examples:
  rowparity diff events.ndjson
  rowparity diff events.ndjson --table customers --limit 100
  rowparity diff --table order_items --key order_id=7,line=2

Exit codes: 0 every row is equal by now, 1 at least one differs, 2 usage or configuration, 3 a row could not be read, 4 internal error.`;

export function addDiff(program: Command): void {
  const command = program
    .command('diff')
    .description('show the differing columns of rows side by side, as they are now')
    .argument('[events]', 'file of events, as JSON lines; - is standard input')
    .option('--source <url>', 'mysql://user:password@host:port/database')
    .option('--destination <url>', 'the same, for the destination')
    .option('--table <name>', 'only rows of this table, by its name on the source')
    .option('--key <values>', 'one row: a value, or column=value with commas between; bytes as 0x…')
    .addOption(new Option('--direction <side>', 'with --key: which side is right').default('SRC'))
    .option('--limit <rows>', 'most rows to show', String(LIMIT_DEFAULT))
    .addHelpText('after', HELP);
  for (const option of connectionOptions()) command.addOption(option);
  for (const option of pickedOptions(['--columns', '--exclude-columns', '--map', '--rules-off'])) {
    command.addOption(option);
  }
  command.action(async (events: string | undefined, flags: DiffFlags) => {
    process.title = 'rowparity diff';
    process.exitCode = await diff(events, flags);
  });
}

async function diff(events: string | undefined, flags: DiffFlags): Promise<number> {
  const urls = { source: flags.source, destination: flags.destination };
  const targets = await readTargets(urls, flags);
  const input = { ...flags, events, direction: directionOf(flags.direction), limit: limitOf(flags.limit) };
  const wanted = await wantedRows({ ...input, table: flags.table, key: flags.key });
  if (wanted.length === 0) {
    await answer(['no event to show\n']);
    return EXIT.ok;
  }
  const databases = openDatabases(targets, { concurrency: 1 });
  try {
    await databases.connect();
    let isDifferent = false;
    for (const [side, rows] of Map.groupBy(wanted, (row) => row.direction)) {
      const spec = specOfRows({ side, rows, texts: flags }, databases.refs);
      const { signal } = new AbortController();
      for await (const row of readRows(spec, rows, { databases, signal })) {
        isDifferent ||= isDifferentNow(row);
        await answer(rowLines(row).map((line) => `${line}\n`));
      }
    }
    return isDifferent ? EXIT.inconsistent : EXIT.ok;
  } finally {
    await databases.close();
  }
}

function isDifferentNow({ typed, differences }: ShownRow): boolean {
  return differences.length > 0 || (typed.base === undefined) !== (typed.target === undefined);
}

function directionOf(text: string): Direction {
  const read = direction.safeParse(text);
  if (read.success) return read.data;
  throw new UsageError(`--direction: expected SRC or DST, found "${text}"`);
}

function limitOf(text: string): number {
  const read = wholeNumber({ min: 1, max: LIMIT_MAX }).safeParse(text);
  if (read.success) return read.data;
  throw new UsageError(`--limit: ${read.error.issues[0]?.message}; found "${text}"`);
}
