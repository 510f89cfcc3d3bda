/** `rowparity check` of the packed command, as a user installs it. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { decodeEvent } from '@rowparity/contracts';
import { EXIT } from '@rowparity/runtime';
import type { ComparedTables, Peer, PeerResult, ReportedRow } from './peer.ts';
import { lastLine, runCommand } from './runCommand.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
const FOLDER = resolve('.rowparity/peers/rowparity');
const PROGRAM = join(FOLDER, 'node_modules/@rowparity/cli/bin/rowparity.mjs');

export async function rowparityPeer(say: (line: string) => void): Promise<Peer> {
  const program = await installRowparity(say);
  const { output } = await runCommand(process.execPath, [program, '--version']);
  return { name: 'rowparity', version: output.trim(), compare };
}

/** Packs the command and installs the package; gives the path of its program. */
export async function installRowparity(say: (line: string) => void): Promise<string> {
  say('rowparity: packing the command and installing it');
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  await expectDone('npm run pack:cli', ['run', '--silent', 'pack:cli'], ROOT);
  const file = (await readdir(join(ROOT, 'dist'))).find((name) => /^rowparity-cli-.*\.tgz$/.test(name));
  if (!file) throw new Error('npm run pack:cli made no file in dist.');
  await expectDone(
    `npm install ${file}`,
    ['install', '--prefix', FOLDER, '--no-audit', join(ROOT, 'dist', file)],
    ROOT,
  );
  return PROGRAM;
}

async function expectDone(what: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, errors } = await runCommand('npm', args, { cwd });
  if (code !== 0) throw new Error(`${what} failed: ${lastLine(errors)}`);
}

async function compare({ source, destination, database, tables }: ComparedTables): Promise<PeerResult> {
  const cwd = await mkdtemp(join(tmpdir(), 'rowparity-peer-'));
  try {
    const sides = [source, destination].map(({ url }) => `${url}/${database}`);
    const names = tables.map(({ name }) => name).join(',');
    const args = [PROGRAM, 'check', ...sides, '--tables', names, '--quiet'];
    const { code, output, errors } = await runCommand(process.execPath, args, { cwd });
    const rows = output.split('\n').flatMap(rowOf);
    const isVerdict = code === EXIT.ok || code === EXIT.inconsistent;
    return isVerdict ? { kind: 'ran', rows } : { kind: 'failed', reason: lastLine(errors), rows };
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

function rowOf(line: string): ReportedRow[] {
  if (!line.startsWith('{')) return [];
  const { Table = '', Key = {} } = decodeEvent(line);
  const parts = Object.values(Key).map((part) => (typeof part === 'object' ? part.hex : String(part)));
  return [{ table: Table, key: parts.join(',') }];
}
