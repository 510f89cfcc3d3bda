/** A document that a person writes, as JSON or YAML: from a file, or from standard input. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { UsageError } from './usageError.ts';

/** `$schema` is for editors, and left out. What takes the document says what else is wrong with it. */
export async function readDocument<T>(file: string): Promise<T> {
  const found = await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')).catch((cause: Error) => {
    throw new UsageError(`cannot read ${file}: ${cause.message}`, { cause });
  });
  const read = await parsed(file, found);
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw new UsageError(
      `${file}: expected an object as JSON or YAML, found ${read === null ? 'nothing' : typeof read}`,
    );
  }
  const { $schema: _, ...document } = read as Record<string, unknown>;
  return document as T;
}

/** What begins with a brace is JSON: its errors name a place in JSON. */
async function parsed(file: string, found: string): Promise<unknown> {
  const wrong = (cause: Error) =>
    new UsageError(`${file}: expected JSON or YAML. ${cause.message}`, { cause });
  if (found.trimStart().startsWith('{')) {
    try {
      return JSON.parse(found);
    } catch (cause) {
      throw wrong(cause as SyntaxError);
    }
  }
  const { parse, YAMLParseError } = await import('yaml');
  try {
    return parse(found);
  } catch (cause) {
    throw cause instanceof YAMLParseError ? wrong(cause) : cause;
  }
}
