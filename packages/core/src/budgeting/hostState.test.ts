import type { HostLimits } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { HostReadings } from '../ports/hostBudget.ts';
import { type HostState, nextHostState } from './hostState.ts';

const MAX_LOAD: HostLimits = { maxLoad: [{ variable: 'Threads_running', max: 40 }] };
const MIDNIGHT = Date.UTC(2026, 10, 27);
const HOUR_MS = 3_600_000;

const running = (value: number): HostReadings => ({ load: new Map([['Threads_running', value]]) });

/** Each reading half a second after the one before; what is paused by then. */
function through(limits: HostLimits, readings: readonly HostReadings[], fromMs = MIDNIGHT) {
  let state: HostState | undefined;
  return readings.map((reading, i) => {
    state = nextHostState(state, reading, { limits, nowMs: fromMs + i * 500 });
    return state.reasons[0]?.message ?? '';
  });
}

it('a pause by load ends only below 0.8 of the limit, and after two seconds of calm', () => {
  const values = [39, 40, 39, 32, 31, 31, 33, 31, 31, 31, 31, 31, 39, 41];
  const isPaused = through(MAX_LOAD, values.map(running)).map((message) => message !== '');
  const open = [
    true,
    false,
    false,
    false,
    false,
    false,
    false,
    false,
    false,
    false,
    false,
    true,
    true,
    false,
  ];
  expect(isPaused).toEqual(open.map((isOpen) => !isOpen));
});

it('every reason has its numbers', () => {
  expect(through(MAX_LOAD, [running(61)])).toEqual(['Threads_running 61 ≥ 40']);
  expect(through({ throttleQuery: 'q' }, [{ query: 3 }, { query: 0 }])[0]).toContain('gave 3');
  expect(through({ maxLagSeconds: 5 }, [{ lagSeconds: 8 }])).toEqual(['lag 8 ≥ 5 s']);
  expect(through({ maxLagSeconds: 5 }, [{ lagSeconds: null }])[0]).toContain('replication is stopped');
  expect(through({}, [{ flag: 'the file /stop exists' }])).toEqual(['the file /stop exists']);
});

it('a server that is no replica has no lag, and one within its limit reads', () => {
  expect(through({ maxLagSeconds: 5 }, [{ lagSeconds: undefined }, { lagSeconds: 4 }])).toEqual(['', '']);
});

it('what cannot be read pauses, and the next good answer ends it', () => {
  expect(through(MAX_LOAD, [{ problem: 'away' }, running(1)])).toEqual(['away', '']);
  expect(through(MAX_LOAD, [{ load: new Map() }])[0]).toContain('no status variable Threads_running');
});

it.each([
  [21.99, false],
  [22, true],
  [23.5, true],
  [0, true],
  [5.99, true],
  [6, false],
  [12, false],
])('a window over midnight: at %d h it is open: %s', (hour, isOpen) => {
  const limits = { readWindows: [{ fromMinute: 1320, toMinute: 360 }] };
  const [message] = through(limits, [{}], MIDNIGHT + hour * HOUR_MS);
  expect(message === '').toBe(isOpen);
  if (!isOpen) expect(message).toContain('22:00-06:00');
});

it('pauses are remembered with their times and last reasons, a bounded number of them', () => {
  let state: HostState | undefined;
  for (let i = 0; i < 1000; i += 1) {
    const flag = i % 2 === 0 ? `stop ${i}` : undefined;
    state = nextHostState(state, { flag }, { limits: {}, nowMs: MIDNIGHT + i * 500 });
  }
  expect(state?.pauses).toHaveLength(100);
  expect(state?.pauses[0]).toEqual({
    from: MIDNIGHT + 998 * 500,
    to: MIDNIGHT + 999 * 500,
    reasons: [{ kind: 'flag', message: 'stop 998' }],
  });
});

it('a clock that is set back makes the calm begin anew, and a pause never ends before it began', () => {
  const stateAt = (nowMs: number, reading: HostReadings, before?: HostState) =>
    nextHostState(before, reading, { limits: MAX_LOAD, nowMs });
  const paused = stateAt(MIDNIGHT, running(50));
  const calm = stateAt(MIDNIGHT + 500, running(1), paused);
  const back = stateAt(MIDNIGHT - HOUR_MS, running(1), calm);
  expect(back.reasons).not.toEqual([]);
  const open = stateAt(MIDNIGHT - HOUR_MS + 2000, running(1), back);
  expect(open.reasons).toEqual([]);
  expect(open.pauses).toMatchObject([{ from: MIDNIGHT, to: MIDNIGHT }]);
});
