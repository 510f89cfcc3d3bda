import { expect, it } from 'vitest';
import type { KnownRow } from '../ports/ledger.ts';
import { ShardBench } from '../testing/shardBench.ts';

const row = (n: number): readonly [string, string] => [`k${String(n).padStart(3, '0')}`, `v${n}`];
const rows = (count: number) => Array.from({ length: count }, (_, n) => row(n));

function known(bench: ShardBench, end: Awaited<ReturnType<ShardBench['run']>>) {
  const all = [...bench.commits, ...(end.kind === 'ended' ? [end.rest] : [])];
  const kept: KnownRow[] = all.flatMap((progress) => [...(progress.known?.rows ?? [])]);
  return { kept, beyond: all.reduce((sum, progress) => sum + (progress.known?.beyond ?? 0), 0) };
}

it('what is confirmed is kept by key with its type and columns, in the write that counts it; nothing else is', async () => {
  const base = new Map(rows(6));
  const target = new Map(rows(6));
  target.delete('k001');
  target.set('k003', 'other');
  base.delete('k005');
  // It arrives before it is confirmed.
  target.set('k004', 'late');
  const bench = new ShardBench({ base, target, pageRows: 2 });
  bench.clock.onSleep = () => bench.target.rows.set('k004', 'v4');
  const end = await bench.run();
  const { kept, beyond } = known(bench, end);
  const now = { state: 'new', generations: 1 };
  expect(kept).toEqual([
    expect.objectContaining({ ...now, key: ['k001'], type: 'target_missing', columns: [] }),
    expect.objectContaining({ ...now, key: ['k003'], type: 'neq', columns: ['v'] }),
    expect.objectContaining({ ...now, key: ['k005'], type: 'base_missing', columns: [] }),
  ]);
  expect(beyond).toBe(0);
  expect(bench.events.map(({ RowID, State, Stability }) => ({ RowID, State, Stability }))).toEqual(
    expect.arrayContaining(kept.map(({ rowId }) => ({ RowID: rowId, State: 'new', Stability: 'confirmed' }))),
  );
  for (const { add, known: told } of bench.commits)
    expect(told?.rows.length ?? 0).toBe(add.targetMissing + add.neq + add.baseMissing);
});

it.each([0, 3])('with room for %d rows the others are counted, and every one has its event', async (keep) => {
  const bench = new ShardBench({ base: rows(20), target: [], pageRows: 20, keep });
  const end = await bench.run();
  const { kept, beyond } = known(bench, end);
  expect([kept.length, beyond]).toEqual([keep, 20 - keep]);
  expect(bench.events).toHaveLength(20);
});
