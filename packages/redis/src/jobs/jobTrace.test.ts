import { expect, it } from 'vitest';
import { traceOfJob, withTrace } from './jobTrace.ts';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

it('a job carries the traceparent that it was given, and none without one', () => {
  expect(traceOfJob(withTrace(TRACEPARENT))).toBe(TRACEPARENT);
  expect(withTrace(undefined)).toEqual({});
  expect(traceOfJob({})).toBeUndefined();
});

it.each(['', 'no JSON', 'null', '[]', '{"traceparent":7}', '{"traceparent":"00-0-0-00"}', 'x'.repeat(5000)])(
  'what others put there is no traceparent: %.20s',
  (metadata) => {
    expect(traceOfJob({ telemetry: { metadata } })).toBeUndefined();
  },
);
