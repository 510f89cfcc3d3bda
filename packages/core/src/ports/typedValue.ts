/** A value of a row as a person reads it, with its kind: the causes of a difference are told from them. */

export type ValueKind =
  /** Exact, in decimal digits. */
  | 'number'
  /** FLOAT or DOUBLE, in the shortest digits that give the same number again. */
  | 'float'
  | 'text'
  | 'json'
  /** `YYYY-MM-DD[ hh:mm:ss[.ffffff]]`. */
  | 'moment'
  /** `[-]hhh:mm:ss[.ffffff]`. */
  | 'time'
  /** In hex: no text, or bytes that are none in their character set. */
  | 'bytes';

export interface TypedValue {
  readonly kind: ValueKind;
  readonly text: string;
}
