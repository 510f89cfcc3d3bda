/**
 * Patterns of names: `*` stands for any characters, `?` for one, everything else for itself. Matched in time that grows
 * with pattern times name: a regular expression of many `*` would take forever.
 */

export function namePattern(pattern: string): (name: string) => boolean {
  const wanted = [...pattern];
  return (name) => matches(wanted, [...name]);
}

/** After a mismatch the last `*` takes one character more; the ones before it need not be tried again. */
function matches(pattern: readonly string[], name: readonly string[]): boolean {
  let position = 0;
  let star: { readonly pattern: number; name: number } | undefined;
  for (let i = 0; i < name.length; ) {
    if (pattern[position] === '*') {
      star = { pattern: position, name: i };
      position += 1;
    } else if (position < pattern.length && (pattern[position] === '?' || pattern[position] === name[i])) {
      position += 1;
      i += 1;
    } else if (star) {
      star.name += 1;
      i = star.name;
      position = star.pattern + 1;
    } else {
      return false;
    }
  }
  return pattern.slice(position).every((rest) => rest === '*');
}
