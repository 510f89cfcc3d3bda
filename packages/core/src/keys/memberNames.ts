/** The members of an ENUM or a SET: servers order them by number, reports show their names. */

const MEMBERS = /^(enum|set)\((.*)\)$/is;
const MEMBER = /'((?:[^']|'')*)'/g;

/** From a value's number to its text, as the server shows it; undefined for a type without members. */
export function memberNames(type: string): ((number: bigint) => string) | undefined {
  const [, kind, list] = MEMBERS.exec(type) ?? [];
  if (kind === undefined || list === undefined) return undefined;
  const names = [...list.matchAll(MEMBER)].map(([, name = '']) => name.replaceAll("''", "'"));
  if (kind.toLowerCase() === 'enum') return (number) => names[Number(number) - 1] ?? '';
  return (number) => names.filter((_, i) => (number >> BigInt(i)) % 2n === 1n).join(',');
}
