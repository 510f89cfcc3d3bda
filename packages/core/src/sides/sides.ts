/** Both sides as one value, so that base and target go through the same code. */

export type Side = 'base' | 'target';
export type Sides<T> = { readonly base: T; readonly target: T };

export const SIDES = ['base', 'target'] as const satisfies readonly Side[];

export function otherSide(side: Side): Side {
  return side === 'base' ? 'target' : 'base';
}

export function mapSides<T, U>(sides: Sides<T>, map: (value: T, side: Side) => U): Sides<U> {
  return { base: map(sides.base, 'base'), target: map(sides.target, 'target') };
}

/** Both at once; rejects with the first fault after both have ended, so that neither runs in the background. */
export async function bothSides<T, U>(
  sides: Sides<T>,
  map: (value: T, side: Side) => Promise<U>,
): Promise<Sides<U>> {
  const [base, target] = await Promise.allSettled([map(sides.base, 'base'), map(sides.target, 'target')]);
  if (base.status === 'rejected') throw base.reason;
  if (target.status === 'rejected') throw target.reason;
  return { base: base.value, target: target.value };
}
