import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventStream } from './eventStream.ts';

const TEXT =
  'event: report\ndata: {"a":1}\n\n: still here\n\nevent: change\ndata: one\ndata: two\n\ndata: plain\n\n';
const EVENTS = [
  { name: 'report', data: '{"a":1}' },
  { name: 'change', data: 'one\ntwo' },
  { name: 'message', data: 'plain' },
];

it('events are the same wherever the stream is cut, and comments are none', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(TEXT.length)), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), TEXT.length];
      const stream = new EventStream();
      const found = places.slice(1).flatMap((end, i) => stream.push(TEXT.slice(places[i], end)));
      expect(found).toEqual(EVENTS);
    }),
  );
});

it('an event that has not ended is none yet', () => {
  const stream = new EventStream();
  expect(stream.push('event: report\ndata: {}\n')).toEqual([]);
  expect(stream.push('\n')).toEqual([{ name: 'report', data: '{}' }]);
});
