import { expect, it } from 'vitest';
import { hostLimitTexts } from './hostLimits.ts';

it.each([
  ['22:00-06:00', [{ fromMinute: 1320, toMinute: 360 }]],
  ['00:00-24:00', [{ fromMinute: 0, toMinute: 1440 }]],
  [
    '01:30-02:00, 12:00-13:15',
    [
      { fromMinute: 90, toMinute: 120 },
      { fromMinute: 720, toMinute: 795 },
    ],
  ],
])('%s are windows of the day', (text, windows) => {
  expect(hostLimitTexts.readWindows.parse(text)).toEqual(windows);
});

it.each(['', '22-06', '25:00-26:00', '12:61-13:00', '12:00-12:00', '24:00-01:00', '1:00-2:00'])(
  '"%s" is no window',
  (text) => {
    expect(hostLimitTexts.readWindows.safeParse(text).error?.issues[0]?.message).toContain('22:00-06:00');
  },
);

it.each(['', '40', 'Threads_running', 'Threads_running=0', 'Threads_running=-1', 'a=1;b=2', "x'=1"])(
  '"%s" is no load',
  (text) => {
    expect(hostLimitTexts.maxLoad.safeParse(text).error?.issues[0]?.message).toContain('Threads_running=40');
  },
);

it('a query that is no query is refused', () => {
  expect(hostLimitTexts.throttleQuery.safeParse('DELETE FROM t').success).toBe(false);
  expect(hostLimitTexts.throttleQuery.safeParse(' select 1').success).toBe(true);
});
