/**
 * Standard output, written whole or rejected. Node writes once to a file or a device and takes a short write for a whole
 * one, so that is done here; pipes and terminals are left to Node, which waits for their readers.
 */
import { fdatasync, fstatSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { LineOutput } from '@rowparity/producer';
import { writeAll } from './writeAll.ts';

/** The argument that means standard output. */
export const STANDARD_OUTPUT = '-';
const FD = 1;

export function standardOutput(): LineOutput {
  const found = fstatSync(FD);
  const isNodes = process.stdout.isTTY || !(found.isFile() || found.isCharacterDevice());
  return {
    name: 'standard output',
    write: isNodes ? (text) => writeToStream(text) : (text, signal) => writeAll(FD, text, signal),
    sync: found.isFile() ? () => promisify(fdatasync)(FD) : async () => {},
    close: async () => {},
  };
}

/** Whether a path leads to the file or pipe that standard output is, as /dev/stdout does. */
export async function isStandardOutput(path: string): Promise<boolean> {
  if (path === STANDARD_OUTPUT) return true;
  const own = fstatSync(FD);
  const isShared = ({ dev, ino }: Stats) => dev === own.dev && ino === own.ino;
  return (own.isFile() || own.isFIFO()) && (await stat(path).then(isShared, () => false));
}

function writeToStream(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
