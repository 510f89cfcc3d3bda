import type { InconsistentEvent } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { tellingSink } from './tellingSink.ts';

const signal = new AbortController().signal;
const nothing = { publish: async () => {}, flush: async () => {} };
const event = (changes: Partial<InconsistentEvent> = {}): InconsistentEvent => ({
  ...{ Direction: 'SRC', Type: 'neq', Table: 'orders', Key: { id: 7n }, Columns: ['paid', 'total'] },
  ...changes,
});

async function told(events: readonly InconsistentEvent[], batch: number): Promise<string[]> {
  const lines: string[] = [];
  const sink = tellingSink(nothing, { place: 'e.ndjson', say: (line) => lines.push(line) });
  for (let i = 0; i < events.length; i += batch) {
    await sink.publish(
      events.slice(i, i + batch).map((one) => ({ event: one, shard: 0 })),
      signal,
    );
  }
  return lines;
}

it.each<[Partial<InconsistentEvent>, string]>([
  [{}, '✗ orders id=7 differs in paid, total'],
  [{ Type: 'target_missing', Columns: undefined as never }, '✗ orders id=7 missing on destination'],
  [{ Type: 'base_missing', Columns: [], Direction: 'DST' }, '✗ orders id=7 only on source'],
  [{ Key: { a: 'x', b: { hex: '00ff' } } }, '✗ orders a=x b=0x00ff differs in paid, total'],
  [
    { Stability: 'unstable' },
    '~ orders id=7 differs in paid, total when it was seen last, and keeps changing',
  ],
  [
    { Type: 'target_missing', Key: undefined as never, RowDigest: '0011223344556677', Rows: 3n, Columns: [] },
    '✗ orders 3 rows like 0011223344556677 missing on destination',
  ],
  [{ State: 'resolved' }, '✓ orders id=7 is equal by now'],
  [{ Table: 'a\nb\x1b[2J' }, '✗ a\\nb\\x1b[2J id=7 differs in paid, total'],
])('an event is one line: %o', async (changes, line) => {
  expect(await told([event(changes)], 1)).toEqual([line]);
});

it.each([1, 7, 20, 500])(
  'of 500 rows the first 20 are told, and once where all of them are; %i at a time',
  async (batch) => {
    const lines = await told(
      Array.from({ length: 500 }, () => event()),
      batch,
    );
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('20 rows are shown here; e.ndjson has all of them.');
    expect(await told([event()], batch)).toHaveLength(1);
  },
);

it('an event that the sink did not take is not told', async () => {
  const lines: string[] = [];
  const refusing = { ...nothing, publish: async () => Promise.reject(new Error('full')) };
  const sink = tellingSink(refusing, { place: 'e', say: (line) => lines.push(line) });
  await expect(sink.publish([{ event: event(), shard: 0 }], signal)).rejects.toThrow('full');
  expect(lines).toEqual([]);
});
