import { expect, it } from 'vitest';
import type { CompressionChoice } from './compressionChoice.ts';
import { LinkWatch } from './linkWatch.ts';

const SLOW: CompressionChoice = { use: 'zstd', why: 'slow' };
const FAST: CompressionChoice = { use: 'off', why: 'fast' };

function watched() {
  let nowMs = 1000;
  let found = SLOW;
  let measured = 0;
  const told: string[] = [];
  const watch = new LinkWatch(() => nowMs);
  watch.onChoice = ({ why }) => told.push(why);
  const ways = {
    byChoice: async ({ use }: CompressionChoice) => use as string,
    async measure(choose: (choice: CompressionChoice) => void) {
      measured += 1;
      await Promise.resolve();
      choose(found);
      return `measured ${found.use}`;
    },
  };
  return {
    ...{ watch, ways, told },
    open: (isAlone = true) => watch.open(ways, isAlone),
    pass: (ms: number) => {
      nowMs += ms;
    },
    change: (choice: CompressionChoice) => {
      found = choice;
    },
    measured: () => measured,
  };
}

it('the first one measures, and those that come meanwhile wait for its choice', async () => {
  const { open, measured, told, watch } = watched();
  expect(await Promise.all([open(), open(), open()])).toEqual(['measured zstd', 'zstd', 'zstd']);
  expect(measured()).toBe(1);
  expect(told).toEqual(['slow']);
  expect(watch.choice).toEqual(SLOW);
});

it('after a minute a session that is alone measures again, and a new choice is told', async () => {
  const { open, measured, told, pass, change } = watched();
  await open();
  change(FAST);
  pass(59_000);
  expect(await open()).toBe('zstd');
  pass(1000);
  expect(await open(false)).toBe('zstd');
  expect(await open()).toBe('measured off');
  expect(await open()).toBe('off');
  expect(measured()).toBe(2);
  expect(told).toEqual(['slow', 'fast']);
});

it('a measurement that fails is that of its session alone: the next one measures', async () => {
  const { open, watch, ways, measured } = watched();
  const failing = watch.open({ ...ways, measure: () => Promise.reject(new Error('lost')) }, true);
  const next = open();
  await expect(failing).rejects.toThrow('lost');
  expect(await next).toBe('measured zstd');
  expect(measured()).toBe(1);
});
