/** Google's data validation tool: hashes each row on the servers and joins all of them in memory. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type SqlServer } from '@rowparity/testkit';
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

const TOOL: PythonTool = {
  name: 'DVT',
  packages: ['google-pso-data-validator==8.10.1'],
  program: 'data-validation',
};

export async function dvtPeer(say: (line: string) => void): Promise<Peer | MissingPeer> {
  const path = await installed(TOOL, say);
  if (typeof path !== 'string') return path;
  return { name: TOOL.name, version: versionOf(TOOL), compare: (compared) => compareEach(path, compared) };
}

async function compareEach(path: string, compared: ComparedTables): Promise<PeerResult> {
  const folder = await mkdtemp(join(tmpdir(), 'rowparity-dvt-'));
  const env = { PSO_DV_CONN_HOME: folder, PSO_DV_CONFIG_HOME: folder };
  const { database, tables } = compared;
  for (const server of [compared.source, compared.destination]) await nameUtc(server);
  try {
    for (const side of ['source', 'destination'] as const) {
      const { host, port, user, password } = compared[side];
      const place = ['--host', host, '--port', String(port), '--database', database];
      const login = ['--user', user, '--password', password];
      const name = ['--connection-name', side];
      await runCommand(path, ['connections', 'add', ...name, 'MySQL', ...place, ...login], { env });
    }
    const rows: ReportedRow[] = [];
    const faults: string[] = [];
    const isTooLong = patience(compared);
    for (const [i, table] of tables.entries()) {
      const givenUp = isTooLong(i);
      if (givenUp) return { kind: 'failed', reason: givenUp, rows };
      const names = ['-tbls', `${database}.${table.name}`, '--primary-keys', table.key.join(',')];
      const form = ['--hash', '*', '--format', 'json', '--filter-status', 'fail'];
      const args = ['validate', 'row', '-sc', 'source', '-tc', 'destination', ...names, ...form];
      const { code, output, errors } = await runCommand(path, args, { env });
      if (code !== 0) faults.push(lastLine(errors) || `exit ${code}`);
      else for (const row of rowsOf(table, output)) rows.push(row);
    }
    return faults.length > 0 ? { kind: 'failed', reason: faults[0] as string, rows } : { kind: 'ran', rows };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** It asks for the zone UTC by its name, which a new server does not know. */
async function nameUtc(server: SqlServer): Promise<void> {
  if (named.has(server.url)) return;
  named.add(server.url);
  const connection = await connect(server, 'mysql');
  const zone = "INTO time_zone (Time_zone_id, Use_leap_seconds) VALUES (1, 'N')";
  const name = "INTO time_zone_name (Name, Time_zone_id) VALUES ('UTC', 1)";
  const type =
    "INTO time_zone_transition_type (Time_zone_id, Transition_type_id, `Offset`, Is_DST, Abbreviation) VALUES (1, 0, 0, 0, 'UTC')";
  for (const row of [zone, name, type]) await connection.query(`INSERT IGNORE ${row}`);
  await connection.end();
}

const named = new Set<string>();

/** One document of all failures; each has its key as JSON text. */
function rowsOf({ name, key }: ComparedTable, output: string): ReportedRow[] {
  const text = output.split('\n').find((line) => line.startsWith('{') || line.startsWith('['));
  if (!text) return [];
  const failures = Object.values(JSON.parse(text) as Record<string, { group_by_columns?: string }>);
  return failures.flatMap(({ group_by_columns: columns }) => {
    if (!columns) return [];
    const values = JSON.parse(columns) as Record<string, unknown>;
    return [{ table: name, key: key.map((column) => String(values[column])).join(',') }];
  });
}
