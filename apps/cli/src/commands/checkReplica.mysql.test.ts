/** A check of a primary and its replica, while the replica applies nothing: real replication by GTID. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CheckedPair, startCheckedPair } from '../testing/checkedPair.ts';

const ROWS = 2000;
const CHANGED = 300;
/** Many times the schedule: only the fence can wait for so long. */
const BEHIND_MS = 4000;
const ARGS = [
  'check',
  '--tables',
  '*',
  '--recheck-delays',
  '100,100',
  '--report',
  'report.json',
  '--events',
  'events',
];

let pair: CheckedPair;

beforeAll(async () => {
  pair = await startCheckedPair([
    'CREATE TABLE accounts (id INT PRIMARY KEY, v INT NOT NULL)',
    `INSERT INTO accounts VALUES ${Array.from({ length: ROWS }, (_, id) => `(${id}, 0)`).join(',')}`,
  ]);
});

afterAll(() => pair?.stop());

test.each(['SRC', 'DST'] as const)(
  'rows that are on their way are no differences, however long the replica stands still; direction %s',
  async (direction) => {
    await pair.stopApplier();
    await pair.onPrimary(`UPDATE accounts SET v = v + 1 WHERE id < ${CHANGED}`);
    await using cli = await pair.cli(direction);
    const running = cli.start([...ARGS, '--direction', direction]);
    await running.begun;
    await sleep(BEHIND_MS);
    await pair.startApplier();
    const { code, stderr } = await running.end;
    const report = await cli.report('report.json');
    expect(report, stderr).toMatchObject({
      verdict: 'consistent',
      counts: { candidates: CHANGED, converged: CHANGED },
    });
    expect(code).toBe(0);
    expect(await cli.lines('events')).toEqual([]);
  },
);

test('a real difference is found while the replica stands still, and only that', async () => {
  await pair.onReplica('UPDATE accounts SET v = -1 WHERE id = 1234');
  await pair.stopApplier();
  await pair.onPrimary(`UPDATE accounts SET v = v + 1 WHERE id < ${CHANGED}`);
  await using cli = await pair.cli('SRC');
  const running = cli.start(ARGS);
  await running.begun;
  await sleep(BEHIND_MS);
  await pair.startApplier();
  const { code, stderr } = await running.end;
  expect(await cli.report('report.json'), stderr).toMatchObject({
    verdict: 'inconsistent',
    counts: { neq: 1 },
  });
  expect(code).toBe(1);
  expect((await cli.lines('events')).map((line) => JSON.parse(line).ID)).toEqual([1234]);
});

test('a replica that stays behind makes the run inconclusive, with the reason', async () => {
  await pair.untilEqual();
  await pair.stopApplier();
  await pair.onPrimary(`UPDATE accounts SET v = v + 1 WHERE id < ${CHANGED}`);
  await using cli = await pair.cli('SRC');
  const { code } = await cli.run([...ARGS, '--max-wait-ms', '1000']);
  await pair.startApplier();
  const report = await cli.report('report.json');
  expect(report.failures.map(({ code }) => code)).toContain('TARGET_BEHIND');
  // The difference of the test before: its row stands in the same shard.
  expect(report.counts.neq).toBe(0);
  expect(code).toBe(3);
});

test('rows of a table without a key wait for the replica, too', async () => {
  await pair.onPrimary('CREATE TABLE notes (note VARCHAR(40), n INT)');
  await pair.onPrimary(`INSERT INTO notes VALUES ${Array.from({ length: 500 }, (_, n) => `('note', ${n})`)}`);
  await pair.untilEqual();
  await pair.stopApplier();
  await pair.onPrimary('UPDATE notes SET n = n + 1000 WHERE n < 100');
  await using cli = await pair.cli('SRC');
  const running = cli.start(ARGS.map((arg) => (arg === '*' ? 'notes' : arg)));
  await running.begun;
  await sleep(BEHIND_MS);
  await pair.startApplier();
  const { code, stderr } = await running.end;
  expect(await cli.report('report.json'), stderr).toMatchObject({ verdict: 'consistent' });
  expect((await cli.report('report.json')).counts.candidates).toBeGreaterThan(0);
  expect(code).toBe(0);
});
