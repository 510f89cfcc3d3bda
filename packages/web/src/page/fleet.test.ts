import type { RunFleet, RunReport } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { fleetParts } from './fleetView.ts';
import { NOON, reportOf } from './testing/report.ts';

const FLEET: RunFleet = {
  ...{ runId: 'orders-1', at: NOON, isLed: true, workersTotal: 2, shards: 5 },
  workers: [
    { name: 'host-1:7', shards: 3 },
    { name: 'host-2:8', shards: 2 },
  ],
  jobs: { waiting: 12, active: 5 },
};
const IDLE: RunFleet = { ...FLEET, workers: [], workersTotal: 0, shards: 0, jobs: { waiting: 0, active: 0 } };
const shards = { total: 20, planned: 15, running: 5, match: 0, differs: 0, inconclusive: 0 };
const running = (changes: Partial<RunReport> = {}) =>
  reportOf({ state: 'running', verdict: null, settledAt: null, shards, ...changes });
const told = (report: RunReport, fleet: RunFleet) =>
  fleetParts(report, fleet).map(({ words, isTrouble }) => `${isTrouble ? '! ' : ''}${words}`);

it('a fleet at work is one line without trouble', () => {
  expect(told(running(), FLEET)).toEqual([
    'a coordinator leads',
    '2 workers hold 5 shards of this run',
    '12 shards wait for a worker',
  ]);
});

it('a run that no worker works on says so, and whether the workers are busy or away', () => {
  expect(told(running(), IDLE)).toContain('! no worker takes shards: is one running?');
  expect(told(running(), { ...IDLE, jobs: { waiting: 3, active: 4 } })).toContain(
    'the workers are busy with other runs',
  );
  expect(told(running({ paused: true }), IDLE)).toContain('no worker is needed now');
  expect(told(running({ state: 'planning' }), IDLE)).toContain('no worker is needed now');
  expect(told(running(), { ...FLEET, isLed: false })[0]).toBe(
    '! no coordinator leads: nothing is planned or settled',
  );
});

it('a server that makes the run wait is named with its reason, and one that did is not', () => {
  const reasons = [{ kind: 'load', message: 'Threads_running 60 ≥ 40' }] as const;
  const pauses = [
    { host: 'db-1:3306', from: NOON, to: null, reasons: [...reasons, ...reasons] },
    { host: 'db-2:3306', from: NOON, to: NOON, reasons: [...reasons] },
  ];
  expect(told(running({ pauses }), FLEET).at(-1)).toBe('! db-1:3306 makes it wait (load)');
});
