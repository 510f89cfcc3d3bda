/** A JSON document that a service checks: from a file, or from standard input. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { UsageError } from '../usage/usageError.ts';

/** The service says what is wrong with it. */
export async function readDocument<T>(file: string): Promise<T> {
  const found = await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')).catch((cause: Error) => {
    throw new UsageError(`cannot read ${file}: ${cause.message}`, { cause });
  });
  try {
    return JSON.parse(found) as T;
  } catch (cause) {
    throw new UsageError(`${file}: expected JSON. ${(cause as Error).message}`, { cause });
  }
}
