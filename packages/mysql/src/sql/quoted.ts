/** Identifiers in SQL: always quoted, never spliced. */

export function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
