// Finds programs: in PATH, and where distributions put servers without adding the folder to PATH.

import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const SERVER_FOLDERS = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/libexec',
  '/usr/local/mysql/bin',
  '/opt/homebrew/bin',
];

export function findBinary(env: NodeJS.ProcessEnv, ...names: readonly string[]): string | undefined {
  const folders = [...(env.PATH ?? '').split(delimiter).filter(Boolean), ...SERVER_FOLDERS];
  for (const name of names) {
    for (const folder of folders) {
      const file = join(folder, name);
      if (isExecutable(file)) return file;
    }
  }
  return undefined;
}

/** What the program prints about its version: tells a real mysqld from MariaDB's link of that name. */
export async function versionOutput(file: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(file, ['--version']);
  return stdout + stderr;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
