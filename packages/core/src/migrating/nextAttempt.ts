/** When a delivery that failed is tried again: soon at first, then in growing steps, and not for ever. */
const FIRST_MS = 1000;
const STEP_MS_MAX = 3600 * 1000;
const TRIES_MAX = 40;
const AGE_MS_MAX = 24 * 3600 * 1000;

/** `tries` counts the attempt that failed. Null: it is given up. */
export function nextAttemptAt(
  { tries, createdAt }: { readonly tries: number; readonly createdAt: number },
  now: number,
): number | null {
  if (tries >= TRIES_MAX) return null;
  const next = now + Math.min(STEP_MS_MAX, FIRST_MS * 2 ** (tries - 1));
  return next - createdAt > AGE_MS_MAX ? null : next;
}
