// Runs a program to its end, and keeps what it says: an error that hides kubectl's own words helps no reader.

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

/** Longer than any call waits by itself. */
const PROGRAM_MS_MAX = 15 * 60_000;

export async function outcomeOf(
  program: string,
  args: readonly string[],
  { env, input }: RunOptions = {},
): Promise<Outcome> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, timeout: PROGRAM_MS_MAX });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // A program that ends before it has read everything says why on stderr.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

/** What it wrote; throws with its words when it fails. */
export async function outputOf(
  program: string,
  args: readonly string[],
  options?: RunOptions,
): Promise<string> {
  const { code, stdout, stderr } = await outcomeOf(program, args, options);
  if (code === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
}
