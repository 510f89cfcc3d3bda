/**
 * Which of two servers replicates from the other, and whether the downstream has applied what the upstream had, from
 * what both say of themselves. Only transactions that travel from the upstream count: what a replica executed by
 * itself, and what the upstream has from servers that the downstream never heard of, never arrives.
 */
import type { ServerIdentity } from '@rowparity/contracts';
import type { Side, Sides } from '../sides/sides.ts';
import { countLacking, type GtidSet, hasSource, isOfServer, readGtidSet } from './gtidSet.ts';
import { readMariaPosition } from './mariaPosition.ts';

/** A server and where its history stands. */
export type Positioned = Pick<ServerIdentity, 'position' | 'serverId' | 'uuid'>;

/** The side that the other one replicates from; undefined where neither does, both do, or nothing tells. */
export function upstreamOf({ base, target }: Sides<Positioned>): Side | undefined {
  const isTargetBelow = hasTransactionsOf(target, base);
  const isBaseBelow = hasTransactionsOf(base, target);
  if (isTargetBelow === isBaseBelow) return undefined;
  return isTargetBelow ? 'base' : 'target';
}

/** Transactions that `origin` made are in the history of `server`. */
function hasTransactionsOf(server: Positioned, origin: Positioned): boolean {
  const text = positionOf(server, origin);
  if (text === undefined) return false;
  if (isMySql(server)) {
    const set = readGtidSet(text.own);
    return set !== undefined && origin.uuid !== null && hasSource(set, origin.uuid);
  }
  if (server.serverId === origin.serverId) return false;
  const transactions = readMariaPosition(appliedBy(server) ?? text.own)?.values() ?? [];
  return [...transactions].some((transaction) => transaction.origin === origin.serverId);
}

/**
 * The downstream has applied all that the upstream had at the mark. Undefined when the two have no history in common.
 */
export function hasPassed(mark: Positioned, downstream: Positioned): boolean | undefined {
  const text = positionOf(downstream, mark);
  if (text === undefined) return undefined;
  if (!isMySql(mark)) {
    return hasPassedMaria({ ...text, own: appliedBy(downstream) ?? text.own }, mark.serverId);
  }
  const own = readGtidSet(text.own);
  const marked = readGtidSet(text.other);
  if (!own || !marked || mark.uuid === null || !hasSource(own, mark.uuid)) return undefined;
  return countLacking(own, travelling(marked, own, mark.uuid)) === 0n;
}

/** The upstream's own transactions, under any tag, and those of servers that the downstream knows. */
function travelling(marked: GtidSet, own: GtidSet, upstream: string): GtidSet {
  return new Map(
    [...marked].filter(([source]) => {
      const isKnown = [...own.keys()].some((known) => isOfServer(source, known));
      return isKnown || isOfServer(source, upstream);
    }),
  );
}

function hasPassedMaria(text: Texts, upstream: string): boolean | undefined {
  const own = readMariaPosition(text.own);
  const marked = readMariaPosition(text.other);
  if (!own || !marked) return undefined;
  const common = [...marked].filter(([domain, { origin }]) => own.has(domain) || origin === upstream);
  if (!common.some(([domain]) => own.has(domain))) return undefined;
  return common.every(([domain, { sequence }]) => (own.get(domain)?.sequence ?? -1n) >= sequence);
}

/** The server is the one that it was, and its history goes on from there: a log that was reset begins anew. */
export function goesOn(earlier: Positioned, now: Positioned): boolean {
  if (earlier.uuid !== now.uuid || earlier.serverId !== now.serverId) return false;
  const text = positionOf(now, earlier);
  if (text === undefined) return false;
  if (isMySql(now)) {
    const [own, before] = [readGtidSet(text.own), readGtidSet(text.other)];
    return own !== undefined && before !== undefined && countLacking(own, before) === 0n;
  }
  const [own, before] = [readMariaPosition(text.own), readMariaPosition(text.other)];
  if (!own || !before) return false;
  return [...before].every(([domain, { sequence }]) => (own.get(domain)?.sequence ?? -1n) >= sequence);
}

/** What a replica got from its primary, where it tells that. */
function appliedBy({ position }: Positioned): string | undefined {
  return 'variable' in position ? position.applied : undefined;
}

interface Texts {
  readonly own: string;
  readonly other: string;
}

/** Undefined where a position is missing, or is of another kind. */
function positionOf({ position: own }: Positioned, { position: other }: Positioned): Texts | undefined {
  if ('missing' in own || 'missing' in other || own.variable !== other.variable) return undefined;
  return { own: own.value, other: other.value };
}

function isMySql({ position }: Positioned): boolean {
  return 'variable' in position && position.variable === 'gtid_executed';
}
