/** A document that a person writes, as JSON or YAML: from a file, or from standard input. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parse, YAMLParseError } from 'yaml';
import { UsageError } from './usageError.ts';

/** `$schema` is for editors, and left out. What takes the document says what else is wrong with it. */
export async function readDocument<T>(file: string): Promise<T> {
  const found = await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')).catch((cause: Error) => {
    throw new UsageError(`cannot read ${file}: ${cause.message}`, { cause });
  });
  const read = parsed(file, found);
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw new UsageError(
      `${file}: expected an object as JSON or YAML, found ${read === null ? 'nothing' : typeof read}`,
    );
  }
  const { $schema: _, ...document } = read as Record<string, unknown>;
  return document as T;
}

/** What begins with a brace is JSON: its errors name a place in JSON. */
function parsed(file: string, found: string): unknown {
  try {
    return found.trimStart().startsWith('{') ? JSON.parse(found) : parse(found);
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof YAMLParseError)) throw cause;
    throw new UsageError(`${file}: expected JSON or YAML. ${cause.message}`, { cause });
  }
}
