/** Splitting a held shard: its range is shortened and the rest becomes new shards, in one transaction. */
import type { KeyTuple } from '@rowparity/contracts';
import { type Hold, inexactSplit, isExactSplit } from '@rowparity/core';
import type { LedgerStore, Row } from './ledgerStore.ts';
import { encodeKey, keyText, storedRange } from './records.ts';
import { tally } from './totals.ts';

/** The cuts as texts. */
export function expectExactSplit({ runId, shard }: Hold, row: Row, cuts: readonly KeyTuple[]): string[] {
  const texts = cuts.map((cut) => encodeKey(cut) as string);
  if (isExactSplit({ ...storedRange(row), checkpoint: keyText(row.checkpoint) }, texts)) return texts;
  throw inexactSplit(runId, shard);
}

interface SplitInput {
  readonly hold: Hold;
  readonly row: Row;
  readonly cuts: readonly string[];
}

export function splitShard(store: LedgerStore, { hold, row, cuts }: SplitInput): void {
  const { runId, shard } = hold;
  const { table: tableIndex, upTo } = storedRange(row);
  const ends = [...cuts, upTo];
  const next = Number(store.first('SELECT shards FROM runs WHERE runId = :runId', { runId })?.shards);
  store.write('UPDATE shards SET upTo = :upTo WHERE runId = :runId AND shard = :shard', {
    ...{ runId, shard, upTo: ends[0] as string },
  });
  for (const [place, after] of cuts.entries()) {
    store.write(
      'INSERT INTO shards (runId, shard, tableIndex, after, upTo) VALUES (:runId, :shard, :tableIndex, :after, :upTo)',
      { runId, shard: next + place, tableIndex, after, upTo: ends[place + 1] as string | null },
    );
  }
  const more = cuts.length;
  store.write('UPDATE runs SET shards = shards + :more WHERE runId = :runId', { runId, more });
  tally(store, { runId, tableIndex }, { shards: more });
}
