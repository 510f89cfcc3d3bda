/** From the places of a migration to the roles of a comparison: the base is the trusted side. */
import type { Direction } from '@rowparity/contracts';
import type { Sides } from './sides.ts';

export interface Places<T> {
  readonly source: T;
  readonly destination: T;
}

export function byPlace<T>({ base, target }: Sides<T>, direction: Direction): Places<T> {
  return direction === 'SRC' ? { source: base, destination: target } : { source: target, destination: base };
}

export function byRole<T>({ source, destination }: Places<T>, direction: Direction): Sides<T> {
  return direction === 'SRC' ? { base: source, target: destination } : { base: destination, target: source };
}
