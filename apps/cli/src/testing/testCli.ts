/** The real command as a process of its own, in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type RunReport, runReport } from '@rowparity/contracts';

const BIN = fileURLToPath(new URL('../../bin/rowparity.mjs', import.meta.url));

export interface CliEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  /** The command has said its first line (its run is in the ledger), or has ended. */
  readonly begun: Promise<unknown>;
  readonly end: Promise<CliEnd>;
}

export interface TestCli {
  readonly folder: string;
  /** `wrap` is put in front of the command. */
  start(args: readonly string[], wrap?: readonly string[]): RunningCli;
  run(args: readonly string[], wrap?: readonly string[]): Promise<CliEnd>;
  lines(file: string): Promise<readonly string[]>;
  report(file: string): Promise<RunReport>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function testCli(env: Readonly<Record<string, string>>): Promise<TestCli> {
  const folder = await mkdtemp(join(tmpdir(), 'rowparity-check-'));
  const start: TestCli['start'] = (args, wrap = []) => {
    const [program = '', ...rest] = [...wrap, process.execPath, BIN, ...args];
    const child = spawn(program, rest, {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const end = endOf(child);
    const { promise: firstLine, resolve } = Promise.withResolvers<void>();
    child.stderr?.once('data', () => resolve());
    return { child, begun: Promise.race([firstLine, end]), end };
  };
  const read = (file: string) => readFile(join(folder, file), 'utf8');
  return {
    folder,
    start,
    run: (args, wrap) => start(args, wrap).end,
    lines: async (file) => linesIn(await read(file)),
    report: async (file) => runReport.parse(JSON.parse(await read(file))),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

export function linesIn(content: string): readonly string[] {
  return content.split('\n').filter(Boolean);
}

async function endOf(child: ChildProcess): Promise<CliEnd> {
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ]);
  return { code, signal, stdout, stderr };
}
