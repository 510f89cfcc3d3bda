/** Not every server has every type. */
import type { TestServers } from '../tablePair.ts';
import type { ColumnCase } from './columnCases.ts';

export function isKnownTo({ databases }: TestServers, { only }: ColumnCase): boolean {
  if (only === undefined) return true;
  return [databases.base, databases.target].every(
    ({ server }) =>
      server.flavour === 'mysql' && (only === 'mysql' || Number.parseInt(server.version, 10) >= 9),
  );
}
