/** Streams the lines of a file, or of standard input (`-`). */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { UsageError } from '../usage/usageError.ts';

export async function* linesOf(path: string): AsyncGenerator<string, void, void> {
  const input = path === '-' ? process.stdin : createReadStream(path);
  try {
    yield* createInterface({ input, crlfDelay: 0 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UsageError(`the certificate ${path} cannot be read (${code}).`, { cause });
  } finally {
    input.destroy();
  }
}
