/** The tests for the digests of a row reader. They use the port only. */
import type { KeyRange } from '@rowparity/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSameDigest } from '../comparing/rangeDigests.ts';
import type { RangeDigest, RowReader } from '../ports/rowSource.ts';

export interface DigestedRows {
  readonly reader: RowReader;
  readonly range: KeyRange;
  /** Of the range: at least three, and they stand still. */
  readonly rows: number;
  /** Compared ones. */
  readonly columns: number;
}

export function rowDigestConformance(name: string, make: () => Promise<DigestedRows>): void {
  describe(`digests of rows: ${name}`, () => {
    const { signal } = new AbortController();
    let digested: DigestedRows;
    beforeAll(async () => {
      digested = await make();
    });
    afterAll(() => digested.reader.close());

    it('a slice is digested as a range is, with or without planted differences', async () => {
      const { reader, range, rows } = digested;
      for (let size = 1; size <= rows; size += 1) {
        const [upTo] = await reader.keysBehind(range, { rows: size, keys: 1 }, signal);
        if (!upTo) throw new Error(`expected ${size} rows`);
        const [whole] = await reader.digests([{ after: range.after, upTo }], signal);
        const probed = await reader.probeDigest(range, { rows: size, row: size - 1, column: 0 }, signal);
        expect([probed?.truth, probed?.again]).toEqual([whole, whole]);
      }
    });

    it('several ranges of one statement have the digests that each has by itself', async () => {
      const { reader, range, rows } = digested;
      const keys = await reader.keysBehind(range, { rows: 1, keys: rows }, signal);
      expect(keys).toHaveLength(rows);
      const ranges = keys.map((upTo, i) => ({ after: keys[i - 1] ?? range.after, upTo }));
      const together = await reader.digests([...ranges, range], signal);
      const alone = [];
      for (const one of [...ranges, range]) alone.push(...(await reader.digests([one], signal)));
      expect(together).toEqual(alone);
      expect(together.map((digest) => digest.rows)).toEqual([...ranges.map(() => 1), rows]);
    });

    it('keys are counted from the beginning of the range, as many as are asked for and are there', async () => {
      const { reader, range, rows } = digested;
      const each = await reader.keysBehind(range, { rows: 1, keys: rows + 1 }, signal);
      const every = await reader.keysBehind(range, { rows: 2, keys: rows }, signal);
      expect(every).toEqual(each.filter((_, i) => i % 2 === 1));
      expect(await reader.keysBehind(range, { rows: 1, keys: 2 }, signal)).toEqual(each.slice(0, 2));
      expect(await reader.keysBehind(range, { rows: rows + 1, keys: 3 }, signal)).toEqual([]);
    });

    it('of each row and column, a changed value, a row left out and a row twice are told from the truth', async () => {
      const { reader, range, rows, columns } = digested;
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns; column += 1) {
          const probed = await reader.probeDigest(range, { rows, row, column }, signal);
          if (!probed) throw new Error(`expected row ${row}`);
          const { truth, again, changed, missing, extra } = probed;
          const isSame = (target: RangeDigest) => isSameDigest({ base: truth, target });
          const told = { again: isSame(again), planted: [changed, missing, extra].some(isSame), row, column };
          expect(told).toEqual({ again: true, planted: false, row, column });
          expect([changed.rows, missing.rows, extra.rows]).toEqual([rows, rows - 1, rows + 1]);
        }
      }
    });

    it('in a row that is not there nothing is planted', async () => {
      const { reader, range, rows } = digested;
      const probe = { rows: rows + 1, row: rows, column: 0 };
      expect(await reader.probeDigest(range, probe, signal)).toBeUndefined();
    });
  });
}
