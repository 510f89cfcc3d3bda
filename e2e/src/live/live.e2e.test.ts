// A short live test: on two databases that an application writes to, and on a primary whose replica stands still.
import { sqlServer } from '@rowparity/testkit/vitest';
import { expect, test } from 'vitest';
import { liveRounds } from './runLive.ts';

const OPTIONS = { seed: 12, minutes: 1, rows: 12_000, rate: 300, ways: [], stopMs: 6000 };
/** Two comparisons that follow hot rows to the end, and servers that start. */
const TEST_MS = 600_000;

async function round(way: Parameters<typeof liveRounds>[0]) {
  const signal = new AbortController().signal;
  const [only] = await liveRounds(way, { ...OPTIONS, untilMs: 0, signal });
  return only;
}

test(
  'every event of databases that are written to is true, and every planted difference is found',
  async () => {
    const found = await round('double-write');
    expect(found?.problems).toEqual([]);
    expect(found?.check.report.verdict).toBe('inconsistent');
  },
  TEST_MS,
);

test(
  'so it is behind a replica that stands still for a while',
  async () => {
    const found = await round(`${sqlServer('source').flavour}-replica`);
    expect(found?.problems).toEqual([]);
    expect(found?.check.report.verdict).toBe('inconsistent');
    expect(found?.check.report.notes.map(({ code }) => code)).toContain('REPLICATES');
  },
  TEST_MS,
);
