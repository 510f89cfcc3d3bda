/**
 * Turns what a plan says of source and destination to base and target, and back. A plan is stored by place; the
 * direction of its run decides when a shard is worked on, settled or reported. This is the only code that does it.
 */
import type { Direction, InRoles } from '@rowparity/contracts';
import { byPlace, byRole, type Places } from './roles.ts';
import type { Sides } from './sides.ts';

export function inRoles<T>(value: T, direction: Direction): InRoles<T> {
  const turn = (found: object) =>
    isPair(found, PLACES) ? byRole(found as Places<unknown>, direction) : found;
  return turned(value, turn) as InRoles<T>;
}

/** The opposite of `inRoles`. */
export function inPlaces<T>(value: InRoles<T>, direction: Direction): T {
  const turn = (found: object) =>
    isPair(found, ROLES) ? byPlace(found as Sides<unknown>, direction) : found;
  return turned(value, turn) as T;
}

const PLACES = ['source', 'destination'];
const ROLES = ['base', 'target'];

/**
 * Turns these two members only. The names of columns and indexes in a schema have a prefix, so they never match.
 */
function isPair(found: object, names: readonly string[]): boolean {
  return Object.keys(found).length === names.length && names.every((name) => name in found);
}

function turned(value: unknown, turn: (found: object) => object): unknown {
  if (Array.isArray(value)) return value.map((item) => turned(item, turn));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(turn(value)).map(([name, member]) => [name, turned(member, turn)]),
  );
}
