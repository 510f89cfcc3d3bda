/**
 * data-diff and reladiff, its maintained fork: MD5 sums of segments, which are halved where they differ. One process a
 * table, as they have no other way; four threads a database, all columns.
 */
import {
  type ComparedTable,
  type ComparedTables,
  type MissingPeer,
  type Peer,
  type PeerResult,
  patience,
  type ReportedRow,
} from './peer.ts';
import { installed, type PythonTool, versionOf } from './pythonTools.ts';
import { lastLine, runCommand } from './runCommand.ts';

const TOOLS: readonly (PythonTool & { readonly options: readonly string[] })[] = [
  { name: 'reladiff', packages: ['reladiff[mysql]==0.6.0'], program: 'reladiff', options: [] },
  {
    name: 'data-diff',
    // Newer ones of what it needs do not go together with it.
    packages: ['data-diff[mysql]==0.11.2', 'dbt-core<1.8', 'pydantic<2'],
    program: 'data-diff',
    options: ['--no-tracking'],
  },
];
/** Lines are wrapped at the width of a terminal. */
const ENV = { COLUMNS: '1000000' };

export function dataDiffPeers(say: (line: string) => void): Promise<readonly (Peer | MissingPeer)[]> {
  return Promise.all(
    TOOLS.map(async (tool) => {
      const path = await installed(tool, say);
      if (typeof path !== 'string') return path;
      const compare = (compared: ComparedTables) => compareEach(path, tool.options, compared);
      return { name: tool.name, version: versionOf(tool), compare };
    }),
  );
}

async function compareEach(
  path: string,
  options: readonly string[],
  compared: ComparedTables,
): Promise<PeerResult> {
  const { source, destination, database, tables } = compared;
  const isTooLong = patience(compared);
  const rows: ReportedRow[] = [];
  const faults: string[] = [];
  for (const [i, table] of tables.entries()) {
    const givenUp = isTooLong(i);
    if (givenUp) return { kind: 'failed', reason: givenUp, rows };
    const sides = [source, destination].flatMap(({ url }) => [`${url}/${database}`, table.name]);
    const keys = table.key.flatMap((column) => ['-k', column]);
    const args = [...options, '--json', '--threads', '4', ...sides, ...keys, '-c', '%'];
    const { code, output, errors } = await runCommand(path, args, { env: ENV });
    for (const row of rowsOf(table, output)) rows.push(row);
    // Both exit with 0 after some faults.
    if (code !== 0 || /ERROR|Traceback/.test(errors)) faults.push(lastLine(errors) || `exit ${code}`);
  }
  return faults.length > 0 ? { kind: 'failed', reason: faults[0] as string, rows } : { kind: 'ran', rows };
}

/** A line `["-", ["1", …]]` or `["+", …]`, the columns of the key first. */
function rowsOf({ name, key }: ComparedTable, output: string): ReportedRow[] {
  return output.split('\n').flatMap((line) => {
    if (!/^\["[+-]",/.test(line)) return [];
    const [, values] = JSON.parse(line) as [string, readonly unknown[]];
    return [{ table: name, key: values.slice(0, key.length).map(String).join(',') }];
  });
}
