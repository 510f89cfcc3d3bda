/** Tries whether the state of a run could be kept here. What it makes for that is removed at once. */

import { existsSync } from 'node:fs';
import { open, statfs, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { MachineFacts } from '@rowparity/core';
import { STATE_FOLDER } from '../checking/runNames.ts';

/** `ledger`: the file that keeps the state, where one is named. */
export async function readMachineFacts(ledger: string | undefined): Promise<MachineFacts> {
  const folder = ledger === undefined ? STATE_FOLDER : dirname(ledger);
  const nearest = existingFolder(resolve(folder));
  const { bavail, bsize } = await statfs(nearest);
  // A folder that was named must be there; the usual one is made by the first run.
  const isMissing = ledger !== undefined && nearest !== resolve(folder);
  return {
    folder,
    writeError: isMissing ? 'ENOENT' : await writeErrorIn(nearest),
    freeBytes: bavail * bsize,
  };
}

function existingFolder(path: string): string {
  return existsSync(path) ? path : existingFolder(dirname(path));
}

async function writeErrorIn(folder: string): Promise<string | null> {
  const path = join(folder, `.rowparity-doctor-${process.pid}`);
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile('written by rowparity doctor, and removed at once\n');
    } finally {
      await file.close();
      await unlink(path);
    }
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code;
  }
}
