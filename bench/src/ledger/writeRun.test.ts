import { expect, test } from 'vitest';
import { shardsOf } from './writeRun.ts';

test('the slices of a plan are one chain from open to open', () => {
  const parts = { shards: 5, rowsAShard: 10 };
  const plan = [...shardsOf({ from: 0, upTo: 3, ...parts }), ...shardsOf({ from: 3, upTo: 5, ...parts })];
  expect(plan.map(({ shard }) => shard)).toEqual([0, 1, 2, 3, 4]);
  expect(plan[0]?.range.after).toBeNull();
  expect(plan.at(-1)?.range.upTo).toBeNull();
  for (const [place, { range }] of plan.slice(1).entries()) {
    expect(range.after).toEqual(plan[place]?.range.upTo);
  }
});
