/** Joins neighbours that together stay within the wanted size, so that gaps make no tiny shards. */

export interface Measured<B> {
  readonly after: B;
  readonly upTo: B;
  readonly rows: number;
}

export function joinSmall<B>(pieces: readonly Measured<B>[], wantedRows: number): Measured<B>[] {
  const joined: Measured<B>[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last && last.rows + piece.rows <= wantedRows) {
      joined[joined.length - 1] = { after: last.after, upTo: piece.upTo, rows: last.rows + piece.rows };
    } else {
      joined.push(piece);
    }
  }
  return joined;
}
