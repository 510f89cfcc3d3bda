/** A multiset source in memory, for tests of core alone: rows of texts, in buckets by their digest. */
import { hash } from 'node:crypto';
import type { KeyRange } from '@rowparity/contracts';
import type { BucketSum, DigestedRows, MultisetReader, ProbedRows } from '../ports/multisetReader.ts';

export class FakeMultisetReader implements MultisetReader {
  /** May be changed while a shard is validated. */
  rowTexts: string[];
  readonly #buckets: number;
  /** Passes over the table. */
  passes = 0;
  /** Called before every pass. */
  beforePass: (() => void) | undefined;
  /** The server's digest of a row; tests replace it by a wrong one. */
  digestOf = (row: string): bigint => BigInt(`0x${hash('sha256', row, 'hex').slice(0, 16)}`);

  constructor(rows: readonly string[], buckets: number) {
    this.rowTexts = [...rows];
    this.#buckets = buckets;
  }

  async sums({ after, upTo }: KeyRange): Promise<readonly BucketSum[]> {
    this.#pass();
    const sums = new Map<number, { rows: number; sum: bigint }>();
    for (const digest of this.rowTexts.map(this.digestOf)) {
      const bucket = this.#bucketOf(digest);
      if ((after && bucket <= Number(after[0])) || (upTo && bucket > Number(upTo[0]))) continue;
      const { rows, sum } = sums.get(bucket) ?? { rows: 0, sum: 0n };
      sums.set(bucket, { rows: rows + 1, sum: sum + digest });
    }
    return [...sums].map(([bucket, of]) => ({ bucket, ...of })).sort((a, b) => a.bucket - b.bucket);
  }

  async *rows(buckets: readonly number[]): AsyncGenerator<DigestedRows, void, void> {
    this.#pass();
    const digests = this.rowTexts
      .map(this.digestOf)
      .filter((digest) => buckets.includes(this.#bucketOf(digest)));
    const byDigest = Map.groupBy(digests, (digest) => digest);
    const all = BigUint64Array.from(byDigest.keys());
    const copies = BigUint64Array.from(byDigest.values(), ({ length }) => BigInt(length));
    yield { lines: all.length, identities: all, digests: all, copies, keyAt: () => [] };
  }

  async probe({ rows }: { readonly rows: number }): Promise<ProbedRows> {
    const slice = this.rowTexts.slice(0, rows);
    const digests = (change: (row: string) => string) => slice.map((row) => this.digestOf(change(row)));
    return {
      truth: digests((row) => row),
      again: digests((row) => row),
      changed: digests((row) => `${row}'`),
    };
  }

  async close(): Promise<void> {}

  #pass(): void {
    this.passes += 1;
    this.beforePass?.();
  }

  #bucketOf(digest: bigint): number {
    return Number(digest % BigInt(this.#buckets));
  }
}
