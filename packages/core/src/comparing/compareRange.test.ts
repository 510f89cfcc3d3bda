import type { KeyTuple, TablePlan } from '@rowparity/contracts';
import { expect, test } from 'vitest';
import { type FakeRow, FakeRowReader } from '../testing/fakeRowReader.ts';
import { ManualClock } from '../testing/manualClock.ts';
import { compareRange } from './compareRange.ts';

const column = (name: string) => ({
  names: { base: name, target: name },
  types: { base: 't', target: 't' },
  readAs: { kind: 'plain' as const },
  rules: [],
});
const table = { schema: 's', table: 't' };
const plan: TablePlan = {
  tables: { base: table, target: table },
  columns: [column('k'), column('v')],
  key: [{ column: 0, kind: 'text' }],
  indexes: { base: 'PRIMARY', target: 'PRIMARY' },
  where: null,
};
const rows = (count: number): FakeRow[] =>
  Array.from({ length: count }, (_, i) => [String(i).padStart(6, '0'), `value ${i}`]);

test.each(['exact', 'checksum', 'auto'] as const)(
  '%s: what is yielded tiles the range, counts each row once and suspects what differs and nothing else',
  async (strategy) => {
    const target = new Map(rows(3000));
    target.set('000007', 'changed');
    target.delete('001500');
    target.set('002999x', 'too many');
    const parts = compareRange(
      { after: ['000002'], upTo: null },
      {
        runId: 'run',
        shard: 0,
        plan,
        strategy,
        pageRows: 400,
        readers: { base: new FakeRowReader(rows(3000)), target: new FakeRowReader(target) },
        clock: new ManualClock(),
        signal: new AbortController().signal,
        retried: (step) => step(),
      },
    );
    let end: KeyTuple | null = ['000002'];
    const sum = { base: 0, target: 0, planted: 0, caught: 0 };
    const suspected: string[] = [];
    for await (const part of parts) {
      expect(part.range.after).toEqual(end);
      end = part.range.upTo;
      sum.base += part.rows.base;
      sum.target += part.rows.target;
      sum.planted += part.planted;
      sum.caught += part.caught;
      suspected.push(...part.candidates.map(({ key }) => String(key[0])));
    }
    expect(end).toBeNull();
    expect(sum).toMatchObject({ base: 2997, target: 2997 });
    expect(suspected.sort()).toEqual(['000007', '001500', '002999x']);
    expect(sum.caught).toBe(sum.planted);
    expect(sum.planted).toBeGreaterThan(0);
  },
);
