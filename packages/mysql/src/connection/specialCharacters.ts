/**
 * Tells of a URL that does not parse which characters of its user or password must be written otherwise. It shows those
 * characters alone, and nothing else of the URL.
 */

/** Each of them ends the part of a URL that holds user and password. */
const ENDS = /[/?#]/g;
const PERCENT_ALONE = /%(?![0-9a-f]{2})/i;

/** A sentence for the end of a message; empty where no such character is to blame. */
export function specialCharactersHint(text: string): string {
  const begin = text.indexOf('://');
  const end = text.lastIndexOf('@');
  if (begin < 0 || end < begin) return '';
  const login = text.slice(begin + 3, end);
  const found = [...new Set(login.match(ENDS)), ...(PERCENT_ALONE.test(login) ? ['%'] : [])];
  if (found.length === 0) return '';
  // Before the character that ends the login, an @ seems to end it, too.
  const all = login.includes('@') ? [...found, '@'] : found;
  const ways = all.map((character) => `"${character}" as ${encoded(character)}`);
  return `; in a user or a password write ${ways.join(', ')}`;
}

function encoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
