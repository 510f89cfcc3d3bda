/** The questions of `rowparity init`, in order, and the files that come of them. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { runId as runIdSchema, topicName } from '@rowparity/contracts';
import { STATE_FOLDER } from '../checking/runNames.ts';
import type { ConnectionFlags } from '../connecting/connectionOptions.ts';
import { Questions } from '../connecting/questions.ts';
import { givenTarget } from '../connecting/readTargets.ts';
import type { Page } from '../diagnosing/findingLines.ts';
import { writeWhole } from '../output/writeWhole.ts';
import { UsageError } from '../usage/usageError.ts';
import { askConnection } from './askConnection.ts';
import { askTables } from './askTables.ts';
import { nextSteps } from './nextSteps.ts';
import { type RunAnswers, runFileSchema, runFileText } from './runFile.ts';

const SCHEMA_FILE = 'run-spec.schema.json';
const TOPIC = /^kafka:(.*)$/i;

export interface InitInput {
  readonly file: string;
  readonly flags: ConnectionFlags;
  readonly isForced: boolean;
  readonly page: Page;
}

/** Resolves to what to do next. */
export async function initialize({ file, flags, isForced, page }: InitInput): Promise<readonly string[]> {
  if (!process.stdin.isTTY) throw new UsageError(byHand(file));
  if (!isForced && existsSync(file)) {
    throw new UsageError(`${file} is there already. Name another file, or write it anew with --force.`);
  }
  const given = {
    source: await givenTarget('source', flags),
    destination: await givenTarget('destination', flags),
  };
  using questions = new Questions(`no ${file} was written.`);
  questions.say([
    `This writes ${file}: which tables of which two databases are compared.`,
    'Both connections are tried at once. Nothing is changed there, and no password',
    'is kept. Enter takes what stands in [ ], Ctrl-C ends the questions.',
  ]);
  const source = await askConnection(
    { place: 'source', given: given.source, other: undefined, page },
    questions,
  );
  const { target: other } = source;
  const destination = await askConnection(
    { place: 'destination', given: given.destination, other, page },
    questions,
  );
  const targets = { source: source.target, destination: destination.target };
  const tables = await askTables({ targets, page }, questions);
  const rest = await askRest(questions, targets.source.database);
  const answers = { tables, ...rest };
  await writeFiles(file, answers);
  const steps = { file, connections: { source, destination }, flags, topic: rest.topic, events: rest.events };
  return [`${file} is written.`, '', ...nextSteps(steps)];
}

async function askRest(
  questions: Questions,
  database: string,
): Promise<Omit<RunAnswers, 'tables'> & { readonly events: string }> {
  questions.say(['', 'Run']);
  const isSource = await questions.confirm('  Is the source the side that is right?');
  const direction = isSource ? 'SRC' : 'DST';
  for (;;) {
    const events = await questions.ask(
      '  Events of differing rows: a file, or kafka:TOPIC for the services',
      'events.ndjson',
    );
    const [, topic] = TOPIC.exec(events) ?? [];
    if (topic === undefined) return { direction, topic, runId: undefined, events };
    const read = topicName.safeParse(topic.trim());
    if (read.success)
      return { direction, topic: read.data, runId: await askRunId(questions, database), events };
    questions.say([`  ✗ ${read.error.issues[0]?.message}`]);
  }
}

/** The services take the same id and the same spec as the same run. */
async function askRunId(questions: Questions, database: string): Promise<string> {
  for (;;) {
    const fallback = `${database.replace(/[^A-Za-z0-9_]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'run'}-1`;
    const read = runIdSchema.safeParse(await questions.ask('  Id of the run', fallback));
    if (read.success) return read.data;
    questions.say([`  ✗ ${read.error.issues[0]?.message}`]);
  }
}

/** The schema is of this version, and an editor needs no network for it. */
async function writeFiles(file: string, answers: RunAnswers): Promise<void> {
  const schema = join(STATE_FOLDER, SCHEMA_FILE);
  await mkdir(STATE_FOLDER, { recursive: true });
  await writeWhole(schema, [runFileSchema(answers)]);
  const fromFile = relative(dirname(resolve(file)), resolve(schema));
  await writeWhole(file, [await runFileText(answers, fromFile)]);
}

function byHand(file: string): string {
  return [
    `init asks questions, and standard input is no terminal. Write ${file} by hand:`,
    '  version: 1',
    '  source: source',
    '  destination: destination',
    '  direction: SRC',
    '  tables:',
    '    - pattern: "*"',
    'and set ROWPARITY_CONNECTION_SOURCE and ROWPARITY_CONNECTION_DESTINATION to mysql://user:password@host:3306/database.',
  ].join('\n');
}
