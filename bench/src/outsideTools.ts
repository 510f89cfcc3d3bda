/** Tools of others that are on PATH: pt-table-sync and sync_diff_inspector. Measured as a user would run them. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type BenchServers, DATABASE } from './tables.ts';

/** After this time the ratio is clear enough. */
const PATIENCE_MS = 15 * 60_000;

export interface OutsideTool {
  readonly name: string;
  /** Compares the table; resolves with the lines or rows that it reported, or why it could not. */
  run(servers: BenchServers, table: string): Promise<OutsideResult>;
}

export type OutsideResult =
  | { readonly kind: 'ran'; readonly output: string }
  | { readonly kind: 'failed'; readonly reason: string };

export function toolsOnPath(): OutsideTool[] {
  return [ptTableSync, syncDiffInspector].filter(({ name }) => isOnPath(name));
}

function isOnPath(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}

const ptTableSync: OutsideTool = {
  name: 'pt-table-sync',
  run({ source, destination }, table) {
    const dsn = (server: typeof source) =>
      `h=${server.host},P=${server.port},u=${server.user},p=${server.password},D=${DATABASE},t=${table}`;
    return runTool('pt-table-sync', [
      '--print',
      '--no-check-slave',
      '--no-check-triggers',
      // As any user has to: it compares TIMESTAMPs as text of each server's own zone, and these servers' differ.
      '--set-vars',
      "time_zone='+00:00'",
      dsn(source),
      dsn(destination),
    ]);
  },
};

const syncDiffInspector: OutsideTool = {
  name: 'sync_diff_inspector',
  async run(servers, table) {
    const folder = await mkdtemp(join(tmpdir(), 'rowparity-bench-'));
    const side = (name: string, { host, port, user, password }: BenchServers['source']) =>
      `[data-sources.${name}]\nhost = "${host}"\nport = ${port}\nuser = "${user}"\npassword = "${password}"\n`;
    const task = `[task]\noutput-dir = "${folder}/out"\nsource-instances = ["a"]\ntarget-instance = "b"\ntarget-check-tables = ["${DATABASE}.${table}"]\n`;
    await writeFile(
      join(folder, 'config.toml'),
      `check-thread-count = 4\nexport-fix-sql = false\n${side('a', servers.source)}${side('b', servers.destination)}${task}`,
    );
    const result = await runTool('sync_diff_inspector', ['--config', join(folder, 'config.toml')]);
    await rm(folder, { recursive: true, force: true });
    return result;
  },
};

function runTool(command: string, args: readonly string[]): Promise<OutsideResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE_MS });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      output = (output + chunk).slice(-100_000);
    });
    child.stderr.on('data', (chunk) => {
      errors = (errors + chunk).slice(-2000);
    });
    child.on('error', (error) => resolve({ kind: 'failed', reason: error.message }));
    child.on('close', (code, signal) => {
      // Both tools exit with 0 (equal) or 1 or 2 (differences, or a fault): a fault also speaks on stderr.
      if (signal !== null)
        resolve({ kind: 'failed', reason: `stopped after ${PATIENCE_MS / 60_000} minutes` });
      else if (code !== 0 && output === '')
        resolve({ kind: 'failed', reason: errors.split('\n')[0] ?? `exit ${code}` });
      else resolve({ kind: 'ran', output });
    });
  });
}
