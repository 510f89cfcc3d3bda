import { expect, it } from 'vitest';
import { WrongTokens } from './wrongTokens.ts';

function counting() {
  let nowMs = 0;
  const wrong = new WrongTokens(() => nowMs);
  const add = (address: string, times: number) => {
    for (let i = 0; i < times; i += 1) wrong.add(address);
  };
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { wrong, add, pass };
}

it('an address is listened to again when its minute is over', () => {
  const { wrong, add, pass } = counting();
  add('10.0.0.1', 29);
  expect(wrong.waitMs('10.0.0.1')).toBe(0);
  add('10.0.0.1', 1);
  expect(wrong.waitMs('10.0.0.1')).toBe(60_000);
  pass(59_999);
  expect(wrong.waitMs('10.0.0.1')).toBe(1);
  pass(1);
  expect(wrong.waitMs('10.0.0.1')).toBe(0);
  add('10.0.0.1', 1);
  expect(wrong.waitMs('10.0.0.1')).toBe(0);
});

it('the addresses of one IPv6 network are one', () => {
  const { wrong, add } = counting();
  for (let i = 0; i < 30; i += 1) add(`2001:db8::${i.toString(16)}`, 1);
  expect(wrong.waitMs('2001:db8:0:0:ffff::1')).toBeGreaterThan(0);
  expect(wrong.waitMs('2001:db8:0:1::1')).toBe(0);
  expect(wrong.waitMs('::ffff:10.0.0.1')).toBe(0);
});

it('however many addresses ask, few are remembered', () => {
  const { wrong, add } = counting();
  for (let i = 0; i < 30_000; i += 1) add(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 1);
  expect(wrong.size).toBeLessThanOrEqual(10_000);
});
