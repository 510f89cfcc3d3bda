/** Checks that follow each other for as long as the foreground is measured. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunReport } from '@rowparity/contracts';
import { ROOT } from '@rowparity/harness';

export interface Checks {
  readonly rows: number;
  readonly seconds: number;
  readonly runs: number;
}

export interface ChecksInput {
  readonly urls: readonly [string, string];
  readonly flags: readonly string[];
  /** Aborts when the measurement is over: the running check is stopped, and what it did counts. */
  readonly signal: AbortSignal;
}

export async function keepChecking({ urls, flags, signal }: ChecksInput): Promise<Checks> {
  const folder = await mkdtemp(join(tmpdir(), 'rowparity-foreground-'));
  const begin = performance.now();
  let rows = 0;
  let runs = 0;
  try {
    while (!signal.aborted) {
      runs += 1;
      rows += await checkOnce({ urls, flags, signal }, join(folder, `${runs}`));
    }
    return { rows, runs, seconds: (performance.now() - begin) / 1000 };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Rows that were compared, of both sides. */
async function checkOnce({ urls, flags, signal }: ChecksInput, place: string): Promise<number> {
  const cli = join(ROOT, 'apps/cli/src/main.ts');
  const files = ['--ledger', `${place}.sqlite`, '--report', `${place}.json`, '--events', `${place}.events`];
  const given = ['check', ...urls, '--tables', 'orders', '--shard-rows', '10000', ...files, ...flags];
  const child = spawn(process.execPath, [cli, ...given], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said = `${said}${text}`.slice(-2000);
  });
  const stop = () => void child.kill('SIGINT');
  signal.addEventListener('abort', stop, { once: true });
  const [code] = await once(child, 'exit');
  signal.removeEventListener('abort', stop);
  if (signal.aborted) return rowsSaid(said);
  if (code !== 0) throw new Error(`a check ended with ${code}: ${said}`);
  const { counts } = JSON.parse(await readFile(`${place}.json`, 'utf8')) as RunReport;
  return counts.rowsBase + counts.rowsTarget;
}

/** Of the last line of progress of a check that was stopped. */
function rowsSaid(said: string): number {
  const last = [...said.matchAll(/ {2}([\d,]+) rows {2}/g)].at(-1)?.[1];
  return Number((last ?? '0').replaceAll(',', ''));
}
