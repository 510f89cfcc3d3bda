/**
 * Does several things at once, up to a limit. Throws the first fault after all have ended, so that none runs in the
 * background.
 */
import { atMost } from './atMost.ts';

export async function sideBySide<A, R>(
  limit: number,
  all: readonly A[],
  call: (one: A) => Promise<R>,
): Promise<R[]> {
  let hasFailed = false;
  const limited = atMost(limit, async (one: A) => {
    if (hasFailed) throw new Error('Something before it has failed.');
    try {
      return await call(one);
    } catch (error) {
      hasFailed = true;
      first ??= { error };
      throw error;
    }
  });
  let first: { readonly error: unknown } | undefined;
  const ends = await Promise.allSettled(all.map(limited));
  if (first) throw first.error;
  return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
}
