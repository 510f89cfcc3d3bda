// What takes minutes to make or a network to fetch is made once, below the user's cache. A folder appears under its
// final name only when complete, so that two processes at once cannot hand each other half of it.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder of that name, filled by `make` when it is not there yet. */
export async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rowparity');
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'making-'));
  try {
    const made = join(work, 'made');
    await mkdir(made);
    await make(made);
    await rename(made, folder).catch((cause: unknown) => {
      // Another process was faster; its folder is used.
      if (!existsSync(folder)) throw cause;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}
