/** What was most likely meant by a name that is not there. */

/** Enough to find a slip of the finger among. */
const CLOSEST_MAX = 3;
/** Names have at most 64 characters, variables a few more; a longer text is no name with a slip. */
const CHARACTERS_MAX = 128;

/** The names that fewest changes of a letter lead to, the closest first; none for a text that is no name. */
export function closestNames(name: string, names: readonly string[]): readonly string[] {
  if (name.length > CHARACTERS_MAX) return [];
  const closest: { readonly other: string; readonly edits: number }[] = [];
  for (const other of new Set(names)) {
    if (other.length > CHARACTERS_MAX) continue;
    const worst = closest.length < CLOSEST_MAX ? Number.POSITIVE_INFINITY : (closest.at(-1)?.edits ?? 0);
    // So many letters must at least be added or taken away: among 100,000 names most need no closer look.
    if (Math.abs(other.length - name.length) >= worst) continue;
    const edits = editsBetween(name, other, worst);
    if (edits >= worst) continue;
    closest.push({ other, edits });
    closest.sort((a, b) => a.edits - b.edits);
    closest.splice(CLOSEST_MAX);
  }
  return closest.map(({ other }) => other);
}

/** Levenshtein's distance, a row of his matrix at a time; any number from `limit` on stands for "too many". */
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
    // No later row has less than the least of this one.
    if (least >= limit) return limit;
    row = next;
  }
  return row[to.length] ?? 0;
}
