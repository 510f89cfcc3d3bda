/**
 * Text values of a key whose bytes lead to no Unicode text and back: codes without a character, two codes of one
 * character, bytes that the character set does not allow. They keep every byte as hex behind a lone surrogate, which
 * no decoded text can hold and which JSON carries.
 */

const MARK = '\ud800';

export function encodedText(bytes: Buffer): string {
  return `${MARK}${bytes.toString('hex')}`;
}

/** The hex of the bytes; undefined for ordinary text. */
export function encodedBytes(text: string): string | undefined {
  return text.startsWith(MARK) ? text.slice(MARK.length) : undefined;
}
