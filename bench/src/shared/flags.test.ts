import { expect, test } from 'vitest';
import { readFlags, WrongFlag } from './flags.ts';

const OF = { command: 'bench:x', about: '', numbers: { rows: 10, 'narrow-rows': 20 }, jsonFile: 'x.json' };

test('what is not given has its default', () => {
  expect(readFlags([], OF)).toEqual({ rows: 10, 'narrow-rows': 20, jsonFile: 'x.json' });
});

test('what is given counts', () => {
  const flags = readFlags(['--narrow-rows', '5', '--json', 'y.json'], OF);
  expect(flags).toEqual({ rows: 10, 'narrow-rows': 5, jsonFile: 'y.json' });
});

test('help is asked for', () => {
  expect(readFlags(['--help'], OF)).toBeUndefined();
});

test.each([[['--rows', '0']], [['--rows', '1.5']], [['--rows', 'many']], [['--cols', '1']], [['more']]])(
  '%j is refused',
  (args) => {
    expect(() => readFlags(args, OF)).toThrow(WrongFlag);
  },
);
