/**
 * Compares the replication positions of target and base, as the servers report them: MySQL's sets of executed
 * transactions, or MariaDB's last transaction of each domain. Says nothing about rows.
 */
import type { ServerIdentity } from '@rowparity/contracts';
import type { Sides } from '../sides/sides.ts';
import { countLacking, hasSource, readGtidSet } from './gtidSet.ts';
import { readMariaPosition } from './mariaPosition.ts';
import { upstreamOf } from './replication.ts';

export type PositionComparison =
  /** Both have executed the same. */
  | { readonly kind: 'same' }
  /** The target lacks this many transactions that the base has. */
  | { readonly kind: 'behind'; readonly transactions: bigint }
  /** The base lacks this many transactions that the target has, and the target lacks none. */
  | { readonly kind: 'ahead'; readonly transactions: bigint }
  /** Neither has a transaction of the other's history. */
  | { readonly kind: 'unrelated' }
  /** A position is missing, is of another kind, or cannot be compared. */
  | { readonly kind: 'unknown' };

const UNKNOWN = { kind: 'unknown' } as const;

type Positioned = Pick<ServerIdentity, 'position' | 'serverId' | 'uuid'>;

export function comparePositions({ base, target }: Sides<Positioned>): PositionComparison {
  if ('missing' in base.position || 'missing' in target.position) return UNKNOWN;
  const { variable } = base.position;
  if (variable !== target.position.variable) return UNKNOWN;
  const values = { base: base.position.value, target: target.position.value };
  if (variable === 'gtid_executed') {
    return compareGtidSets(values, { base: base.uuid ?? '', target: target.uuid ?? '' });
  }
  // Replication refuses two servers of one id, and the origins of such servers cannot be told apart.
  if (base.serverId === target.serverId) return UNKNOWN;
  const downstream = { base: 'target', target: 'base', none: undefined } as const;
  const side = downstream[upstreamOf({ base, target }) ?? 'none'];
  const applied = side && { base, target }[side].position;
  const known = applied && 'variable' in applied && applied.applied;
  return compareMariaPositions(side && known ? { ...values, [side]: known } : values);
}

function compareGtidSets(values: Sides<string>, uuids: Sides<string>): PositionComparison {
  const base = readGtidSet(values.base);
  const target = readGtidSet(values.target);
  if (!base || !target) return UNKNOWN;
  if (![...base.keys()].some((source) => target.has(source))) return { kind: 'unrelated' };
  // A server that has the other's own transactions replicates from it. Its own transactions never go back.
  const isBaseBelow = hasSource(base, uuids.target);
  const isTargetBelow = hasSource(target, uuids.base);
  return comparisonOf({
    behind: isBaseBelow && !isTargetBelow ? 0n : countLacking(target, base),
    ahead: isTargetBelow && !isBaseBelow ? 0n : countLacking(base, target),
  });
}

/** Numbers of a domain go on across its origins, so the last one of each side says how far it is. */
function compareMariaPositions(values: Sides<string>): PositionComparison {
  const base = readMariaPosition(values.base);
  const target = readMariaPosition(values.target);
  if (!base || !target) return UNKNOWN;
  let isRelated = false;
  let missing = 0n;
  let ahead = 0n;
  for (const [domain, { origin, sequence }] of base) {
    const other = target.get(domain);
    if (other?.origin !== origin) continue;
    isRelated = true;
    if (sequence > other.sequence) missing += sequence - other.sequence;
    else ahead += other.sequence - sequence;
  }
  return isRelated ? comparisonOf({ behind: missing, ahead }) : { kind: 'unrelated' };
}

function comparisonOf({ behind, ahead }: { behind: bigint; ahead: bigint }): PositionComparison {
  if (behind > 0n) return { kind: 'behind', transactions: behind };
  return ahead > 0n ? { kind: 'ahead', transactions: ahead } : { kind: 'same' };
}
