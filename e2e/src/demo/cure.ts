// From the events to the cure, as a person would go: in which ways rows differ, three of them side by side, the SQL
// that repairs all of them, applied to the judged side, and a second run.

import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { decodeEvent, type RunReport, type RunSpecInput } from '@rowparity/contracts';
import {
  LEFTOVERS,
  ROOT,
  rowparityWith,
  type SentEvent,
  type System,
  submitRun,
  untilSettled,
} from '@rowparity/harness';
import { connect, databaseUrl, type Servers } from '@rowparity/testkit';
import { say } from './phases.ts';

const ROWS_SHOWN = '3';

export interface Illness {
  readonly servers: Servers;
  readonly system: System;
  readonly database: string;
  readonly sent: readonly SentEvent[];
  readonly spec: RunSpecInput & { readonly runId: string };
  readonly signal: AbortSignal;
}

export async function cure({ servers, system, database, sent, spec, signal }: Illness): Promise<RunReport> {
  const eventsFile = join(LEFTOVERS, `events-${spec.runId}.ndjson`);
  const sqlFile = join(LEFTOVERS, `repair-${spec.runId}.sql`);
  // Rows that both sides have come first: they have something to show side by side.
  const [both, one] = [true, false].map((isOnBoth) =>
    sent.filter(({ text }) => (decodeEvent(text).Type === 'neq') === isOnBoth),
  );
  await writeFile(eventsFile, [...(both ?? []), ...(one ?? [])].map(({ text }) => `${text}\n`).join(''));
  const env = {
    ROWPARITY_CONNECTION_SOURCE: databaseUrl(servers.source, database),
    ROWPARITY_CONNECTION_DESTINATION: databaseUrl(servers.destination, database),
  };
  await command({}, ['report', spec.runId, '--reporter', system.reporterUrl], 'Causes');
  await command(env, ['diff', eventsFile, '--limit', ROWS_SHOWN]);
  await command(env, ['repair', eventsFile, '--sql', sqlFile]);
  const judged = spec.direction === 'DST' ? servers.source : servers.destination;
  const connection = await connect(judged, database);
  const lines = (await readFile(sqlFile, 'utf8')).split('\n');
  for (const line of lines) if (line !== '' && !line.startsWith('--')) await connection.query(line);
  await connection.end();
  const again = { ...spec, runId: `${spec.runId}-again` };
  await submitRun(system.coordinatorUrl, again);
  const { reporterUrl, broken } = system;
  const report = await untilSettled({
    ...{ reporterUrl, runId: again.runId },
    signal: AbortSignal.any([signal, broken]),
  });
  say(`the second run is ${report.verdict}`);
  return report;
}

/** 0, or 1 for "it differs": anything else is told with what was said. */
async function command(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  part?: string,
): Promise<void> {
  const short = args.map((arg) => (arg.startsWith(ROOT) ? relative(ROOT, arg) : arg));
  say(`$ npx rowparity ${short.join(' ')}`);
  const { code, output } = await rowparityWith(env, ...args);
  const lines = output.replaceAll(`${ROOT}/`, '').trimEnd().split('\n');
  for (const line of part === undefined ? lines : partOf(lines, part)) say(line);
  if (code > 1) throw new Error(`rowparity ${args[0]} ended with ${code}`);
}

/** From its heading to the next empty line. */
function partOf(lines: readonly string[], heading: string): readonly string[] {
  const from = lines.indexOf(heading);
  const end = lines.indexOf('', from);
  return from < 0 ? [`no ${heading}`] : ['…', ...lines.slice(from, end < 0 ? undefined : end), '…'];
}
