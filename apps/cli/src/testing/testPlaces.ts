/** Places that are no files, in a folder of the test: never the machine's own devices. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Minor numbers of the memory devices of Linux. */
const MINOR = { null: '3', full: '7' } as const;

/** Undefined where the test may not make one. */
export function makeDevice(folder: string, kind: keyof typeof MINOR): string | undefined {
  const path = join(folder, kind);
  try {
    execFileSync('/usr/bin/mknod', [path, 'c', '1', MINOR[kind]], { stdio: 'ignore' });
    return path;
  } catch {
    return undefined;
  }
}

export function makePipe(folder: string): string {
  const path = join(folder, 'pipe');
  execFileSync('/usr/bin/mkfifo', [path]);
  return path;
}

export interface SmallDisk extends Disposable {
  readonly path: string;
  grow(size: string): void;
}

/** A file system in memory; undefined where the test may not mount one. */
export function mountSmallDisk(folder: string, size: string): SmallDisk | undefined {
  const path = join(folder, 'disk');
  mkdirSync(path);
  const mount = (...args: readonly string[]) => execFileSync('/bin/mount', args, { stdio: 'ignore' });
  try {
    mount('-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path);
  } catch {
    return undefined;
  }
  return {
    path,
    grow: (larger) => mount('-o', `remount,size=${larger}`, path),
    [Symbol.dispose]: () => void execFileSync('/bin/umount', ['-l', path]),
  };
}
