import type { Throttle } from '@rowparity/core';
import type { Log } from '@rowparity/runtime';
import { expect, it } from 'vitest';
import { ThrottleLog } from './throttleLog.ts';

function told() {
  const lines: string[] = [];
  const clock = { ms: 0, steadyNow: () => clock.ms };
  const log = { warn: (_: unknown, line: string) => void lines.push(line) } as unknown as Log;
  const { onThrottle } = new ThrottleLog(log, clock);
  const see = (kind: Throttle['kind'], message: string) => onThrottle({ host: 'db:3306', kind, message });
  return { lines, clock, see };
}

it('a pause is told once, another reason at once, and a pause that lasts once a minute', () => {
  const { lines, clock, see } = told();
  for (let look = 0; look < 100; look += 1) see('load', `Threads_running ${60 + look} ≥ 40`);
  see('query', 'the throttle query gave 2, which is above 0');
  clock.ms = 61_000;
  see('query', 'the throttle query gave 3, which is above 0');
  expect(lines).toEqual([
    'no statement begins on db:3306: Threads_running 60 ≥ 40',
    'no statement begins on db:3306: the throttle query gave 2, which is above 0',
    'no statement begins on db:3306: the throttle query gave 3, which is above 0',
  ]);
});

it('a budget that does its work is no news', () => {
  const { lines, see } = told();
  for (const kind of ['streams', 'rows', 'bytes', 'turn', 'asking'] as const) see(kind, 'full');
  expect(lines).toEqual([]);
});
