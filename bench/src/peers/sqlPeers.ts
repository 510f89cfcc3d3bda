/** Tools that report differences as SQL: pt-table-sync of the Percona Toolkit, and sync_diff_inspector. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { SqlServer } from '@rowparity/testkit';
import { keysOfSql } from './keysOfSql.ts';
import type { ComparedTables, MissingPeer, Peer, PeerResult } from './peer.ts';
import { lastLine, runCommand } from './runCommand.ts';

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** `isInstalled`: where it is not on PATH it is installed as the package of Debian, which needs root. */
export async function ptTableSync(
  say: (line: string) => void,
  { isInstalled }: { readonly isInstalled: boolean },
): Promise<Peer | MissingPeer> {
  const name = 'pt-table-sync';
  if (!onPath(name) && isInstalled && process.getuid?.() === 0) {
    say(`${name}: installing percona-toolkit from Debian`);
    await runCommand('apt-get', ['install', '--yes', '--quiet', 'percona-toolkit']);
  }
  const path = onPath(name);
  if (!path) return { name, missing: 'not on PATH; on Debian: apt-get install percona-toolkit' };
  const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim().split(' ').at(-1) ?? '';
  return { name, version, compare: (compared) => comparePt(path, compared) };
}

const PT_OPTIONS = [
  ...['--print', '--no-check-slave', '--no-check-triggers', '--no-check-child-tables'],
  // As any user has to: it compares TIMESTAMPs as text of each server's own zone.
  ...['--set-vars', "time_zone='+00:00'"],
];

async function comparePt(
  path: string,
  { source, destination, database, tables }: ComparedTables,
): Promise<PeerResult> {
  // Without a character set its sessions are Latin-1; with utf8mb4 it dies at the first wide character.
  const dsn = ({ host, port, user, password }: SqlServer) =>
    `h=${host},P=${port},u=${user},p=${password},A=utf8`;
  const [only, ...others] = tables;
  const place = `,D=${database},t=${only?.name}`;
  const what =
    others.length === 0
      ? [`${dsn(source)}${place}`, `${dsn(destination)}${place}`]
      : ['--databases', database, dsn(source), dsn(destination)];
  const { code, output, errors } = await runCommand(path, [...PT_OPTIONS, ...what]);
  const rows = keysOfSql(output, tables);
  // 0: nothing differs; 2: something does; 1 and 3: a fault.
  if (code === 0 || code === 2) return { kind: 'ran', rows };
  return { kind: 'failed', reason: lastLine(errors) || `exit ${code}`, rows };
}

/** `path`: where it is not on PATH. No registry has it. */
export function syncDiffInspector(path = onPath('sync_diff_inspector')): Peer | MissingPeer {
  const name = 'sync_diff_inspector';
  if (!path) {
    return { name, missing: 'not on PATH; build it from its source and name it with --sync-diff-inspector' };
  }
  const [version = 'unknown'] = execFileSync(path, ['--version'], { encoding: 'utf8' }).split('\n');
  return { name, version, compare: (compared) => compareSyncDiff(path, compared) };
}

async function compareSyncDiff(
  path: string,
  { source, destination, database, tables }: ComparedTables,
): Promise<PeerResult> {
  const folder = await mkdtemp(join(tmpdir(), 'rowparity-peer-'));
  const side = (name: string, { host, port, user, password }: SqlServer) =>
    `[data-sources.${name}]\nhost = "${host}"\nport = ${port}\nuser = "${user}"\npassword = "${password}"\n`;
  const checked = tables.map(({ name }) => `"${database}.${name}"`).join(', ');
  const task = `[task]\noutput-dir = "${folder}/out"\nsource-instances = ["a"]\ntarget-instance = "b"\ntarget-check-tables = [${checked}]\n`;
  try {
    const config = join(folder, 'config.toml');
    await writeFile(
      config,
      `check-thread-count = 4\nexport-fix-sql = true\n${side('a', source)}${side('b', destination)}${task}`,
    );
    const { output, errors } = await runCommand(path, ['--config', config]);
    const rows = keysOfSql(await fixSqlIn(join(folder, 'out', 'fix-on-b')), tables);
    const isFault = /error/i.test(output) || !/equal|tables failed/.test(output);
    return isFault ? { kind: 'failed', reason: lastLine(errors || output), rows } : { kind: 'ran', rows };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fixSqlIn(folder: string): Promise<string> {
  if (!existsSync(folder)) return '';
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql'));
  return (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join('\n');
}
