// The command line as a process of its own.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './root.ts';

export interface RowparityEnd {
  readonly code: number;
  /** Standard output, then standard error. */
  readonly output: string;
}

export function rowparity(...args: readonly string[]): Promise<RowparityEnd> {
  return rowparityWith({}, ...args);
}

/** With variables of its own, such as connections for `check`. */
export function rowparityWith(
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<RowparityEnd> {
  const program = join(ROOT, 'apps', 'cli', 'bin', 'rowparity.mjs');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
      },
    );
  });
}
