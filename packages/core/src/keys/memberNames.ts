/** The members of an ENUM or a SET: servers order them by number, reports show their names. */

const MEMBERS = /^(enum|set)\((.*)\)$/is;
const MEMBER = /'((?:[^']|'')*)'/g;

/** Of an ENUM or a SET. */
export function hasMembers(type: string): boolean {
  return MEMBERS.test(type);
}

/** The text of one value; undefined for a type without members. */
export function memberName(type: string, number: bigint): string | undefined {
  return memberNames(type)?.(number);
}

/** The number of a text: the opposite of `memberNames`; undefined for a text that no member has. */
export function memberNumber(type: string, text: string): bigint | undefined {
  const [, kind = '', list = ''] = MEMBERS.exec(type) ?? [];
  const names = [...list.matchAll(MEMBER)].map(([, name = '']) => name.replaceAll("''", "'"));
  const placeOf = (name: string) => BigInt(names.indexOf(name));
  if (kind.toLowerCase() === 'enum')
    return text === '' && !names.includes('') ? 0n : known(placeOf(text) + 1n);
  const bits = text === '' ? [] : text.split(',').map(placeOf);
  return bits.includes(-1n) ? undefined : bits.reduce((sum, bit) => sum | (1n << bit), 0n);
}

function known(place: bigint): bigint | undefined {
  return place > 0n ? place : undefined;
}

/** From a value's number to its text, as the server shows it; undefined for a type without members. */
export function memberNames(type: string): ((number: bigint) => string) | undefined {
  const [, kind, list] = MEMBERS.exec(type) ?? [];
  if (kind === undefined || list === undefined) return undefined;
  const names = [...list.matchAll(MEMBER)].map(([, name = '']) => name.replaceAll("''", "'"));
  if (kind.toLowerCase() === 'enum') return (number) => names[Number(number) - 1] ?? '';
  return (number) => names.filter((_, i) => (number >> BigInt(i)) % 2n === 1n).join(',');
}
