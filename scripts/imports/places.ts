// Where a file stands: in a wing, in a room, or on top of the rooms of its workspace.

import { posix } from 'node:path';
import { ROOMS, WINGS } from './house.ts';
import type { Source } from './readSources.ts';

export function isInWing(path: string): boolean {
  return posix
    .dirname(path)
    .split('/')
    .some((folder) => WINGS.includes(folder));
}

/** A test, or what only tests use. */
export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || isInWing(path);
}

/** The room that a file is in; '' on top of them. Undefined for a folder that no table names. */
export function roomOf({ path, workspace }: Pick<Source, 'path' | 'workspace'>): string | undefined {
  const folder = posix.dirname(path.slice(`${workspace}/src/`.length));
  if (folder === '.') return '';
  const rooms = (ROOMS[workspace] ?? []).filter((room) => `${folder}/`.startsWith(`${room}/`));
  return rooms.sort((a, b) => b.length - a.length)[0];
}

/** The path of what a file imports from its own workspace; undefined for what comes from elsewhere. */
export function targetOf(specifier: string, { path, workspace }: Source): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const target = posix.join(posix.dirname(path), specifier);
  return target.startsWith(`${workspace}/src/`) ? target : undefined;
}
