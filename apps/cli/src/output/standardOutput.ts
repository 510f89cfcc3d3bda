/**
 * Standard output, written whole or rejected. Node writes once to a file or a device and treats a short write as a
 * whole one, so files and devices are written here. Node writes pipes and terminals, and waits for their readers.
 */
import { constants, fdatasync, fstatSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { LineOutput } from '@rowparity/producer';
import { writeAll } from './writeAll.ts';

/** The argument that means standard output. */
export const STANDARD_OUTPUT = '-';
const FD = 1;
const NEWLINE = 0x0a;

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

/** Whether standard output is a file that ends in the middle of a line, as a full disk leaves it. */
export async function isStandardOutputTorn(): Promise<boolean> {
  const { size } = fstatSync(FD);
  if (!fstatSync(FD).isFile() || size === 0) return false;
  // Standard output itself is open only for writing. If it cannot be read, one more line break is written.
  const file = await open('/dev/fd/1', 'r').catch(() => undefined);
  if (!file) return true;
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] !== NEWLINE;
  } finally {
    await file.close();
  }
}

/**
 * Whether what is written to standard output is lost: Node opens /dev/null for a standard output that was closed, for
 * reading and writing, as some programs do for one that they ignore.
 */
export function isStandardOutputLost(): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${FD}`, 'utf8'))?.[1] ?? '0';
    const isReadWrite =
      (Number.parseInt(flags, 8) & (constants.O_WRONLY | constants.O_RDWR)) === constants.O_RDWR;
    return isReadWrite && readlinkSync(`/proc/self/fd/${FD}`) === '/dev/null';
  } catch {
    // Only Linux tells.
    return false;
  }
}

/** Whether a path leads to the file or pipe that standard output is, as /dev/stdout does. */
export async function isStandardOutput(path: string): Promise<boolean> {
  if (path === STANDARD_OUTPUT) return true;
  const own = fstatSync(FD);
  const isShared = ({ dev, ino }: Stats) => dev === own.dev && ino === own.ino;
  return (own.isFile() || own.isFIFO() || own.isSocket()) && (await stat(path).then(isShared, () => false));
}

function writeToStream(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
