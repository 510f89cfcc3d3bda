/**
 * Text values of a key whose bytes do not survive the way to Unicode and back: codes without a character, two codes of
 * one character, bytes that the character set does not allow. Every byte is kept as hex after a lone surrogate. No
 * decoded text can hold a lone surrogate, and JSON can carry it.
 */

const MARK = '\ud800';

export function encodedText(bytes: Buffer): string {
  return `${MARK}${bytes.toString('hex')}`;
}

/** The hex of the bytes; undefined for ordinary text. */
export function encodedBytes(text: string): string | undefined {
  return text.startsWith(MARK) ? text.slice(MARK.length) : undefined;
}
