import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeEvent, encodeEvent, type InconsistentEvent } from './inconsistentEvent.ts';

const full: InconsistentEvent = {
  ID: 10n,
  Direction: 'SRC',
  Type: 'neq',
  Table: 'orders',
  Key: { id: 10n },
  Columns: ['total'],
  RunID: 'run-1',
  Generation: 1n,
  EventID: 'abc',
  DetectedAt: '2026-01-02T03:04:05.678Z',
  Stability: 'confirmed',
};

it('the minimal format is byte for byte what existing consumers read', () => {
  const event: InconsistentEvent = { ...full, Type: 'target_missing' };
  expect(encodeEvent(event, 'minimal')).toBe('{"ID":10,"Direction":"SRC","Type":"target_missing"}');
});

it('the full format starts with the same three fields in the same order', () => {
  expect(encodeEvent(full, 'full')).toMatch(/^\{"ID":10,"Direction":"SRC","Type":"neq","Table":"orders",/);
});

it.each([18446744073709551615n, 9223372036854775807n, -9223372036854775808n, 9007199254740993n, 0n])(
  'the id %s keeps every digit on the wire and back',
  (id) => {
    const text = encodeEvent({ ...full, ID: id, Key: { id } }, 'full');
    expect(text.startsWith(`{"ID":${id},`)).toBe(true);
    expect(decodeEvent(text)).toEqual({ ...full, ID: id, Key: { id } });
  },
);

it('a key of several columns has no ID and every column in Key', () => {
  const { ID: _, ...rest } = full;
  const event: InconsistentEvent = { ...rest, Key: { order_id: 7n, code: 'ä"\\', raw: { hex: '00ff' } } };
  expect(decodeEvent(encodeEvent(event, 'full'))).toEqual(event);
  expect(encodeEvent(event, 'full')).toMatch(/^\{"Direction":"SRC","Type":"neq","Table"/);
});

it('both formats are read back', () => {
  expect(decodeEvent('{"ID":10,"Direction":"DST","Type":"base_missing"}')).toEqual({
    ID: 10n,
    Direction: 'DST',
    Type: 'base_missing',
  });
});

it.each([
  '{"ID":1.5,"Direction":"SRC","Type":"neq"}',
  '{"ID":1,"Direction":"X","Type":"neq"}',
  '{"ID":1}',
  '[]',
  'x',
])('%s is refused', (text) => {
  expect(() => decodeEvent(text)).toThrow();
});

it('an event of any text and any numbers is encoded as JSON.stringify would', () => {
  const text = fc.string({ unit: 'binary' });
  const value = fc.oneof(text, fc.bigInt(), fc.record({ hex: text }));
  const events = fc.record(
    {
      ID: fc.bigInt(),
      Table: text,
      Key: fc.dictionary(text, value),
      Rows: fc.bigInt(),
      Columns: fc.array(text),
      RunID: text,
      State: fc.constantFrom('new' as const, 'still' as const),
    },
    { requiredKeys: [] },
  );
  // What every digit of a bigint needs (in V8 since Node 21).
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  fc.assert(
    fc.property(events, (some) => {
      const { ID, ...rest } = { ...some, Direction: 'DST', Type: 'neq' } as InconsistentEvent;
      const { Direction, Type, Table, Key, Rows, Columns, RunID, State } = rest;
      const ordered = { ID, Direction, Type, Table, Key, Rows, Columns, RunID, State };
      const plain = JSON.stringify(ordered, (_, one) => (typeof one === 'bigint' ? rawJSON(`${one}`) : one));
      expect(encodeEvent({ ID, ...rest }, 'full')).toBe(plain);
    }),
  );
});
