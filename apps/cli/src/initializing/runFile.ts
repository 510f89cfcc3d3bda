/** The text of the run file, and of the schema that an editor checks it by. */
import { PUBLISHED_SCHEMAS, type RunSpecInput, runSpec } from '@rowparity/contracts';
import { readTables } from '../checking/tableOptions.ts';
import type { AnsweredTables } from './askTables.ts';

export interface RunAnswers {
  readonly tables: AnsweredTables;
  readonly direction: 'SRC' | 'DST';
  /** The topic that the services send events to; undefined where `check` writes a file. */
  readonly topic: string | undefined;
  /** Only the services need one: `check` makes one for each run. */
  readonly runId: string | undefined;
}

/** `schema`: its place, as seen from the file. */
export async function runFileText(answers: RunAnswers, schema: string): Promise<string> {
  const { stringify } = await import('yaml');
  const { topic, runId, direction } = answers;
  const document = {
    version: 1,
    ...(runId === undefined ? {} : { runId }),
    ...{ source: 'source', destination: 'destination', direction },
    tables: tablesOf(answers.tables),
    ...(topic === undefined ? {} : { events: { topic } }),
  } satisfies Omit<RunSpecInput, 'runId'> & { readonly runId?: string };
  runSpec.parse({ runId: 'checked', ...document });
  return [
    `# yaml-language-server: $schema=${schema}`,
    '# Which tables are compared, and how. The schema lists every field that may stand here.',
    '# Connections are named by variables (ROWPARITY_CONNECTION_SOURCE); no password belongs here.',
    stringify(document),
  ].join('\n');
}

/** `check` gives each run an id of its own; an editor must not ask for one. */
export function runFileSchema({ runId }: Pick<RunAnswers, 'runId'>): string {
  const schema = (PUBLISHED_SCHEMAS['run-spec'] as () => Readonly<Record<string, unknown>>)();
  const required = schema.required as readonly string[];
  const own = runId === undefined ? required.filter((name) => name !== 'runId') : required;
  return `${JSON.stringify({ ...schema, required: own }, null, 2)}\n`;
}

/** Only patterns leave tables out. */
function tablesOf({ names, exclude }: AnsweredTables): RunSpecInput['tables'] {
  const tables = readTables(names.join(','));
  if (exclude.length === 0) return [...tables];
  return tables.map((table) => ('pattern' in table ? { ...table, exclude: [...exclude] } : table));
}
