/** `rowparity known RUN`: the confirmed differences that are kept with a run, by key, one page at a time. */
import {
  causeWords,
  type HttpQuestion,
  KNOWN_LISTED_MAX,
  type KnownAnswer,
  printable,
  type REPORTER_ROUTES,
} from '@rowparity/contracts';
import type { Command } from 'commander';
import { answer } from '../output/answer.ts';
import { reporterOption } from '../services/addresses.ts';
import { openClient, orUsageError } from '../services/openClient.ts';

interface KnownFlags {
  readonly reporter: string;
  readonly json?: boolean;
  readonly limit?: string;
  readonly cursor?: string;
}

const HELP = `
A run keeps the keys of its first differences: of each table pair as many as known.keep of its spec says. A table with
more is marked as overflowed. Values are never kept.`;

export function addKnown(program: Command): void {
  program
    .command('known')
    .description('list the confirmed differences that are kept with a run, by key')
    .argument('<run>', 'id of the run')
    .option('--limit <count>', `most differences of a page, at most ${KNOWN_LISTED_MAX}`)
    .option('--cursor <cursor>', 'go on behind the page that ended with this cursor')
    .option('--json', 'print the page as JSON')
    .addOption(reporterOption())
    .addHelpText('after', HELP)
    .action(async (runId: string, { reporter, json, ...query }: KnownFlags) => {
      // The reporter checks the words, and names the wrong one.
      const asked = query as HttpQuestion<typeof REPORTER_ROUTES.getKnown>['query'];
      const page = await orUsageError(openClient({ reporter }).known(runId, asked));
      await answer([json ? `${JSON.stringify(page, null, 2)}\n` : knownLines(page)]);
    });
}

function knownLines({ tables, known, next }: KnownAnswer): string {
  const lines = [
    ...known.map(lineOf),
    ...tables.map(({ name, kept, beyond, overflowed }) =>
      overflowed
        ? `${name}: ${kept} kept, overflowed: ${beyond > 0 ? `${beyond} more are not` : 'the run before knew more'}`
        : `${name}: ${kept} kept`,
    ),
    ...(next === null ? [] : [`More: --cursor ${next}`]),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function lineOf({
  state,
  type,
  table,
  key,
  columns,
  causes,
  lastSeen,
}: KnownAnswer['known'][number]): string {
  const parts = [state.padEnd(8), type.padEnd(14), `${table} ${JSON.stringify(key)}`];
  const words = columns.map((name, i) => {
    const cause = causes?.[i];
    return cause && cause.code !== 'other' ? `${name} (${causeWords(cause)})` : name;
  });
  const named = words.length > 0 ? `  ${words.join(', ')}` : '';
  return `${new Date(lastSeen).toISOString()}  ${parts.join('  ')}${named}`;
}
