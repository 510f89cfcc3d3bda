import { expect, test } from 'vitest';
import { isOutage } from './outage.ts';

const withCode = (code: string, cause?: unknown) => Object.assign(new Error(code, { cause }), { code });

test.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN'])(
  '%s may pass',
  (code) => {
    expect(isOutage(withCode(code))).toBe(true);
  },
);

test('no answer may pass', () => {
  expect(isOutage(new Error('no answer in time'))).toBe(true);
});

test.each([
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'EPROTO',
])('%s stays, also as the cause of another error', (code) => {
  expect(isOutage(withCode(code))).toBe(false);
  expect(isOutage(new Error('tried often', { cause: withCode(code) }))).toBe(false);
});

test('causes in a ring are looked at once', () => {
  const ring = new Error('a');
  ring.cause = ring;
  expect(isOutage(ring)).toBe(true);
});
