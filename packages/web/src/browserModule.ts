/**
 * Makes of a TypeScript module one that a browser loads: without its types, and with imports that are addresses. Types
 * become spaces, so a line and a column are where they were.
 */
import { stripTypeScriptTypes } from 'node:module';

/** `from 'preact'`, as formatter and minifier write it. */
const IMPORTED = /(\bfrom\s*|\bimport\s*\(?\s*)(['"])([^'"\n]+)\2/g;

export function withBrowserTypes(
  text: string,
  libraries: Readonly<Record<string, string>>,
  { isTyped = true } = {},
): string {
  const plain = isTyped ? withoutTypes(text) : text;
  return plain
    .replace(/^\/\/# sourceMappingURL=.*$/m, '')
    .replace(IMPORTED, (whole, ...[before, quote, specifier]: string[]) => {
      const name = libraries[specifier ?? ''];
      return name === undefined ? whole : `${before}${quote}./${name}${quote}`;
    });
}

/**
 * Node says once that this call may still change. The version of Node is pinned, and a test has a browser load every
 * file, so the warning would only be noise in a log of JSON lines.
 */
function withoutTypes(text: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(text, { mode: 'strip' });
  } finally {
    process.emitWarning = emitWarning;
  }
}
