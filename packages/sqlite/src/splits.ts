/** Splitting a held shard: its range is shortened and what lies behind becomes new shards, in one transaction. */
import type { KeyTuple } from '@rowparity/contracts';
import type { Hold, Ledger } from '@rowparity/core';
import { held } from './holds.ts';
import { brokenRule, type LedgerStore, type Row } from './ledgerStore.ts';
import { encodeKey } from './records.ts';

export function splitsOf(store: LedgerStore): Pick<Ledger, 'split'> {
  return {
    async split(hold, cuts) {
      return held(store, hold, (shard) =>
        split(store, { hold, shard, cuts: expectInside(hold, shard, cuts) }),
      );
    },
  };
}

/** The cuts as texts: keys inside the range, none twice, only the first at the checkpoint. */
function expectInside({ runId, shard }: Hold, row: Row, cuts: readonly KeyTuple[]): string[] {
  const texts = cuts.map((cut) => encodeKey(cut) as string);
  const all = [row.after, row.upTo, ...texts].filter((key) => key !== null);
  const isExact =
    texts.length > 0 && new Set(all).size === all.length && !texts.slice(1).includes(String(row.checkpoint));
  if (isExact) return texts;
  const message = `expected to split shard ${shard} at keys inside its range, each behind the one before.`;
  throw brokenRule(runId, message);
}

function split(
  store: LedgerStore,
  of: { readonly hold: Hold; readonly shard: Row; readonly cuts: readonly string[] },
): void {
  const { runId, shard } = of.hold;
  const tableIndex = Number(of.shard.tableIndex);
  const ends = [...of.cuts, of.shard.upTo as string | null];
  const next = Number(store.first('SELECT shards FROM runs WHERE runId = :runId', { runId })?.shards);
  store.write('UPDATE shards SET upTo = :upTo WHERE runId = :runId AND shard = :shard', {
    ...{ runId, shard, upTo: ends[0] as string },
  });
  for (const [place, after] of of.cuts.entries()) {
    store.write(
      'INSERT INTO shards (runId, shard, tableIndex, after, upTo) VALUES (:runId, :shard, :tableIndex, :after, :upTo)',
      { runId, shard: next + place, tableIndex, after, upTo: ends[place + 1] as string | null },
    );
  }
  const more = of.cuts.length;
  store.write('UPDATE runs SET shards = shards + :more WHERE runId = :runId', { runId, more });
  store.write('UPDATE totals SET shards = shards + :more WHERE runId = :runId AND tableIndex = :tableIndex', {
    runId,
    tableIndex,
    more,
  });
}
