// One comparison by the command `check`, as a user starts it.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Direction, type RunReport, runReport } from '@rowparity/contracts';
import { ROOT } from '@rowparity/harness';
import type { LiveWorld } from './world.ts';

export interface LiveCheck {
  readonly report: RunReport;
  readonly events: readonly string[];
  readonly seconds: number;
  /** The last lines that it said, for a person who looks for a reason. */
  readonly said: string;
}

export interface CheckInput {
  readonly direction: Direction;
  readonly shardRows: number;
  readonly args?: readonly string[];
}

const LINES_KEPT = 30;

export async function checkLive(
  { urls }: Pick<LiveWorld, 'urls'>,
  { direction, shardRows, args = [] }: CheckInput,
  signal: AbortSignal,
): Promise<LiveCheck> {
  const folder = await mkdtemp(join(tmpdir(), 'rowparity-live-'));
  try {
    const begin = performance.now();
    const said = await rowparity(
      [
        ...['check', '--tables', '*', '--direction', direction, '--shard-rows', String(shardRows)],
        ...['--report', 'report.json', '--events', 'events', ...args],
      ],
      { folder, urls, signal },
    );
    const seconds = (performance.now() - begin) / 1000;
    const read = (name: string) => readFile(join(folder, name), 'utf8');
    const report = await read('report.json').catch(() => {
      throw new Error(`the check left no report:\n${said}`);
    });
    const events = (await read('events')).split('\n').filter(Boolean);
    return { report: runReport.parse(JSON.parse(report)), events, seconds, said };
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Started extends Pick<LiveWorld, 'urls'> {
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Resolves with what it said last, however it ends: its verdict is in the report. */
function rowparity(args: readonly string[], { folder, urls, signal }: Started): Promise<string> {
  const program = join(ROOT, 'apps', 'cli', 'bin', 'rowparity.mjs');
  const env = {
    PATH: process.env.PATH ?? '',
    ROWPARITY_CONNECTION_SOURCE: urls.source,
    ROWPARITY_CONNECTION_DESTINATION: urls.destination,
  };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, env, signal }, (error, _, stderr) => {
      if (signal.aborted) reject(signal.reason);
      else if (error && typeof error.code !== 'number') reject(error);
      else resolve(stderr.split('\n').slice(-LINES_KEPT).join('\n'));
    });
  });
}
