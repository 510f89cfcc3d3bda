/** `rowparity check` as a process of its own, in a folder of its own: how long it took, and what it used. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peakMiBOf } from './processCpu.ts';

const SAMPLE_MS = 50;
const ERROR_CHARS_MAX = 2000;

export interface CheckMeasured {
  /** From the start of the process to its end. */
  readonly seconds: number;
  readonly peakMiB: number;
  /** Of the ledger's file. */
  readonly ledgerBytes: number;
}

/** Throws when the verdict is not `consistent`. */
export async function measureCheck(program: string, args: readonly string[]): Promise<CheckMeasured> {
  const cwd = await mkdtemp(join(tmpdir(), 'rowparity-bench-'));
  try {
    const begin = performance.now();
    const child = spawn(process.execPath, [program, 'check', ...args, '--quiet'], {
      ...{ cwd, stdio: ['ignore', 'ignore', 'pipe'] },
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors = (errors + chunk).slice(-ERROR_CHARS_MAX);
    });
    let peakMiB = 0;
    const sample = async () => {
      const peak = await peakMiBOf(child.pid ?? 0);
      if (peak > peakMiB) peakMiB = peak;
    };
    const sampling = setInterval(() => void sample(), SAMPLE_MS);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    }).finally(() => clearInterval(sampling));
    const seconds = (performance.now() - begin) / 1000;
    if (code !== 0) throw new Error(`rowparity check ended with ${code}: ${errors}`);
    return { seconds, peakMiB, ledgerBytes: await ledgerBytesIn(join(cwd, '.rowparity')) };
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

async function ledgerBytesIn(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => /\.(db|sqlite)/.test(name));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  if (sizes.length === 0) throw new Error(`expected a ledger in ${folder}, found none`);
  return sizes.reduce((sum, size) => sum + size, 0);
}
