import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Refused, TokenNeeded } from './asking.ts';
import { Polling } from './polling.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Each question ends as the next of `ends` says; with undefined it is answered. */
function pollingOf(ends: readonly (Error | undefined)[]) {
  const left = [...ends];
  const told: string[] = [];
  let asked = 0;
  const polling = new Polling({
    async load() {
      asked += 1;
      const error = left.shift();
      if (error) throw error;
    },
    onProblem: (problem) => void told.push(problem),
    onTokenNeeded: () => void told.push('token'),
  });
  return { polling, told, asked: () => asked };
}

it('a screen asks until it is left, and a reporter that is away is told and asked again', async () => {
  const { polling, told, asked } = pollingOf([undefined, new TypeError('fetch failed'), undefined]);
  await polling.ask();
  await vi.advanceTimersByTimeAsync(5000);
  expect(told).toEqual(['The reporter does not answer; trying again. fetch failed']);
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked()).toBe(3);
  polling.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(3);
  expect(told).toHaveLength(1);
});

it('a refusal is told in its own words', async () => {
  const { polling, told } = pollingOf([
    new Refused(404, 'There is no migration "x".'),
    new Refused(503, 'no'),
  ]);
  await polling.ask();
  await vi.advanceTimersByTimeAsync(5000);
  expect(told).toEqual(['There is no migration "x".', 'The reporter does not answer; trying again. no']);
  polling.stop();
});

it('without a token nothing more is asked', async () => {
  const { polling, told, asked } = pollingOf([new TokenNeeded('token')]);
  await polling.ask();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([told, asked()]).toEqual([['token'], 1]);
});

it('a question that is asked while another one is under way begins no second series', async () => {
  const { polling, asked } = pollingOf([]);
  await Promise.all([polling.ask(), polling.ask(), polling.ask()]);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(asked()).toBe(3 + 3);
  polling.stop();
});

it('a question that is asked at once takes the place of the one that waits', async () => {
  const { polling, asked } = pollingOf([]);
  await polling.ask();
  await polling.ask();
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked()).toBe(3);
  polling.stop();
});
