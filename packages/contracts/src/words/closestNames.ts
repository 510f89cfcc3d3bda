/** The known names that are closest to a name that does not exist. */

/** Enough known names to search for a typing error. */
const CLOSEST_MAX = 3;
/** Names have at most 64 characters, variables a few more. A longer text is not a mistyped name. */
const CHARACTERS_MAX = 128;

/** The names with the smallest edit distance, the closest first; none for a text that is too long for a name. */
export function closestNames(name: string, names: readonly string[]): readonly string[] {
  if (name.length > CHARACTERS_MAX) return [];
  const closest: { readonly other: string; readonly edits: number }[] = [];
  for (const other of new Set(names)) {
    if (other.length > CHARACTERS_MAX) continue;
    const worst = closest.length < CLOSEST_MAX ? Number.POSITIVE_INFINITY : (closest.at(-1)?.edits ?? 0);
    // The difference in length is a lower bound of the distance: it rules out most of 100,000 names cheaply.
    if (Math.abs(other.length - name.length) >= worst) continue;
    const edits = editsBetween(name, other, worst);
    if (edits >= worst) continue;
    closest.push({ other, edits });
    closest.sort((a, b) => a.edits - b.edits);
    closest.splice(CLOSEST_MAX);
  }
  return closest.map(({ other }) => other);
}

/** Levenshtein's distance, one row of the matrix at a time; any number from `limit` on means "too many". */
function editsBetween(a: string, b: string, limit: number): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    let least = i + 1;
    for (let j = 0; j < to.length; j++) {
      const replaced = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1);
      const edits = Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1);
      next.push(edits);
      if (edits < least) least = edits;
    }
    // The minimum of a row never falls in later rows.
    if (least >= limit) return limit;
    row = next;
  }
  return row[to.length] ?? 0;
}
