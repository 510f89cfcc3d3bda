// What a module imports or re-exports, types included, static and dynamic. By the text alone: statements begin a line,
// as the formatter writes them.

const STATEMENT = /^(?:import|export)\s(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const CALL = /\bimport\(\s*['"]([^'"]+)['"]/g;
const NAMED = /^(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s+from\s+['"]([^'"]+)['"]/gm;

export interface NamedImport {
  readonly specifier: string;
  /** As the other module calls them. */
  readonly names: readonly string[];
}

export function importsOf(text: string): string[] {
  const found = [...text.matchAll(STATEMENT), ...text.matchAll(CALL)];
  return [...new Set(found.map(([, specifier]) => specifier as string))];
}

export function namesOf(text: string): NamedImport[] {
  return [...text.matchAll(NAMED)].map(([, list = '', specifier = '']) => {
    const names = list.split(',').map((name) =>
      name
        .trim()
        .replace(/^type /, '')
        .replace(/ as .*$/, ''),
    );
    return { specifier, names: names.filter(Boolean) };
  });
}
