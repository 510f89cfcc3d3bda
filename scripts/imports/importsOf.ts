// The specifiers that a module imports or re-exports, types included, static and dynamic. By the text alone: statements
// begin a line, as the formatter writes them.

const STATEMENT = /^(?:import|export)\s(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const CALL = /\bimport\(\s*['"]([^'"]+)['"]/g;

export function importsOf(text: string): string[] {
  const found = [...text.matchAll(STATEMENT), ...text.matchAll(CALL)];
  return [...new Set(found.map(([, specifier]) => specifier as string))];
}
