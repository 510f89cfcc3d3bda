import { expect, it } from 'vitest';
import { isLoopback } from './loopbackLogin.ts';

it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost', 'LocalHost'])('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true);
});

it.each(['10.0.0.1', '127.example.com', '0.0.0.0', '::2', 'localhost.example.com', '128.0.0.1'])(
  '%s may be another one',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);
