/**
 * Refuses to compare a table with itself: such a comparison is always consistent and proves nothing (law 2). Names,
 * addresses and server ids prove nothing: containers share them, a copied data folder has its original's uuid, and one
 * server has many addresses. So both sides are asked in turn for the next number of their server's counter. Only if
 * both are one counter does it grow from each answer to the next.
 */
import { Fault, type ServerIdentity } from '@rowparity/contracts';
import type { Catalog } from '../../ports/catalog.ts';
import type { Sides } from '../../sides/sides.ts';
import type { SelectedTable } from './selectTables.ts';

/** Two servers would have to count in step by chance this many times. */
const ROUNDS = 3;
const NAMED_MAX = 5;

export interface ComparedSides {
  readonly servers: Sides<ServerIdentity>;
  readonly catalogs: Sides<Pick<Catalog, 'tick'>>;
}

/** Throws SAME_DATABASE when a table would be compared with itself. */
export async function expectNotItself(
  selected: readonly SelectedTable[],
  sides: ComparedSides,
  signal: AbortSignal,
): Promise<void> {
  const { base, target } = sides.servers;
  const own = selected.filter(({ refusal, source, destination }) => !refusal && source === destination);
  if (own.length === 0 || base.database !== target.database) return;
  if (!(await isSameServer(sides, signal))) return;
  const more = own.length - NAMED_MAX;
  const names = own.slice(0, NAMED_MAX).map(({ source }) => source);
  const tables = [...names, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
  const message = `Source and destination are the same database, ${base.database} on ${base.host}:${base.port}, so these tables would be compared with themselves: ${tables}. Nothing was compared. Correct one of the two connections. To compare other tables of this database, name their partners. allowSame compares it anyway.`;
  throw new Fault('configuration', { code: 'SAME_DATABASE', message });
}

/** Where a server does not count, equal uuids decide; without one, two servers are never taken for the same. */
async function isSameServer({ servers, catalogs }: ComparedSides, signal: AbortSignal): Promise<boolean> {
  let last = -1n;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const catalog of [catalogs.base, catalogs.target]) {
      const tick = await catalog.tick(signal);
      if (tick === undefined) return servers.base.uuid !== null && servers.base.uuid === servers.target.uuid;
      if (tick <= last) return false;
      last = tick;
    }
  }
  return true;
}
