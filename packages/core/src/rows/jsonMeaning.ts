/** Whether two JSON texts mean the same: any order of keys, any spelling of a number, every digit kept. */

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * False when either text is not JSON, or has an object with two members of one name: servers differ in which of them
 * they read. Then only the bytes can tell.
 */
export function isSameJson(a: string, b: string): boolean {
  try {
    return canonical(a) === canonical(b);
  } catch {
    return false;
  }
}

/** A number of the text; a class of its own, so that no object of the text is taken for one. */
class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** One text for all spellings of a document. Throws a SyntaxError for what is not JSON or not of one meaning. */
function canonical(text: string): string {
  const keepDigits = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' ? new NumberText(canonicalNumber(context?.source ?? String(value))) : value;
  const parsed: unknown = JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
  if (membersWritten(text) !== membersKept(parsed)) throw new SyntaxError('Two members have one name.');
  return write(parsed);
}

/**
 * Colons outside of strings: each is a member's. A regular expression runs out of stack in strings of ten megabytes.
 */
function membersWritten(text: string): number {
  let members = 0;
  let isString = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) isString = !isString;
    else if (isString && code === BACKSLASH) i += 1;
    else if (!isString && code === COLON) members += 1;
  }
  return members;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** Parsing keeps the last of several members of one name. */
function membersKept(value: unknown): number {
  if (value === null || typeof value !== 'object' || value instanceof NumberText) return 0;
  const members = Object.values(value);
  const own = Array.isArray(value) ? 0 : members.length;
  return members.reduce<number>((sum, member) => sum + membersKept(member), own);
}

function write(value: unknown): string {
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, inner]) => `${JSON.stringify(key)}:${write(inner)}`).join(',')}}`;
}

/** Digits without needless zeros and the power of ten behind them: 1.50e1, 15 and 15.0 are all 15e0. */
function canonicalNumber(source: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(source) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0e0';
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - kept.length);
  return `${sign}${kept}e${power}`;
}
