/** Runs a tool to its end, or stops it when the ratio is clear enough. */
import { spawn } from 'node:child_process';

const PATIENCE_MS = 10 * 60_000;
const OUTPUT_CHARS_MAX = 64 * 1024 * 1024;
const ERROR_CHARS_MAX = 4000;

export interface CommandEnd {
  /** Null when it was stopped. */
  readonly code: number | null;
  readonly output: string;
  /** The last characters of standard error; or why it could not be started. */
  readonly errors: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: CommandOptions = {},
): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      ...{ cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE_MS },
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      if (output.length < OUTPUT_CHARS_MAX) output += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors = (errors + chunk).slice(-ERROR_CHARS_MAX);
    });
    child.on('error', (error) => resolve({ code: null, output, errors: error.message }));
    child.on('close', (code, signal) => {
      const stopped = `stopped after ${PATIENCE_MS / 60_000} minutes`;
      resolve({ code, output, errors: signal === null ? errors : stopped });
    });
  });
}

/** What a person would look at first: the last line that is no warning. */
export function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.includes('WARNING'));
  return (lines.at(-1) ?? '').trim().slice(0, 200);
}
