/** Damage that a wrong character set does to text. */

/** What a conversion writes for a character that the other set lacks. */
const REPLACEMENTS = new Set(['?', '\ufffd']);

/** `lossy` is the text with some characters replaced by a mark of loss: one for each of them, or for each unit. */
export function isLossOf(text: string, lossy: string): boolean {
  return isLoss([...text], [...lossy]) || isLoss(text.split(''), lossy.split(''));
}

function isLoss(text: readonly string[], lossy: readonly string[]): boolean {
  if (text.length !== lossy.length) return false;
  let lost = 0;
  for (const [i, character] of text.entries()) {
    const found = lossy[i] as string;
    if (found === character) continue;
    if (!REPLACEMENTS.has(found) || character.charCodeAt(0) < FIRST_BEYOND_ASCII) return false;
    lost += 1;
  }
  return lost > 0;
}

const FIRST_BEYOND_ASCII = 0x80;
/** Bytes 0x80 to 0x9f as windows-1252 reads them; five of them as themselves, as servers do. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** `garbled` is the UTF-8 of the text, read as if it were latin1. */
export function isMojibakeOf(text: string, garbled: string): boolean {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length === text.length) return false;
  return [...bytes].map(characterOf).join('') === garbled || bytes.toString('latin1') === garbled;
}

function characterOf(byte: number): string {
  return byte >= 0x80 && byte < 0xa0 ? (WINDOWS_1252[byte - 0x80] as string) : String.fromCharCode(byte);
}
