/**
 * What a path leads to when a file is to be written there: symbolic links are followed, the last one may lead to
 * nothing.
 */
import { readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';

/** As many as Linux follows. */
const LINKS_MAX = 40;
/** Links in here name files that are open, not places in a folder. */
const OPEN_FILES = '/proc/';

export type Target =
  | { readonly kind: 'absent'; readonly path: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    }
  /** A device, a pipe, a socket, or an open file: it must not be replaced. */
  | { readonly kind: 'through'; readonly path: string; readonly isPipe: boolean };

export async function targetOf(path: string): Promise<Target> {
  const place = await followed(path);
  const found = await stat(place).catch(unlessAbsent);
  if (!found) return { kind: 'absent', path: place };
  const { mode, uid, gid } = found;
  if (found.isFile() && !place.startsWith(OPEN_FILES)) return { kind: 'file', path: place, mode, uid, gid };
  return { kind: 'through', path: place, isPipe: found.isFIFO() };
}

async function followed(path: string): Promise<string> {
  let place = resolve(path);
  for (let links = 0; links < LINKS_MAX; links += 1) {
    const folder = await realpath(dirname(place));
    place = join(folder, basename(place));
    if (place.startsWith(OPEN_FILES)) return place;
    const link = await readlink(place).catch(unlessAbsent);
    if (link === undefined) return place;
    place = isAbsolute(link) ? link : join(folder, link);
  }
  throw Object.assign(new Error(`too many symbolic links at ${path}`), { code: 'ELOOP' });
}

/** EINVAL is readlink's word for what is no link. */
function unlessAbsent({ code, message }: NodeJS.ErrnoException): undefined {
  if (code !== 'ENOENT' && code !== 'EINVAL') throw Object.assign(new Error(message), { code });
}
