/** Checks behind a value that comes with the rows: a heartbeat by real replication, and by a double writer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@rowparity/testkit';
import { type FreshDatabase, freshDatabases } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CheckedPair, startCheckedPair } from '../testing/checkedPair.ts';
import { type DoubleWriter, repeatedly, startDoubleWriter } from '../testing/doubleWriter.ts';
import { type TestCli, testCli } from '../testing/testCli.ts';

const ROWS = 2000;
const CHANGED = 300;
/** Many times the schedule: only a fence can wait for so long. */
const BEHIND_MS = 4000;
const LAG_MS = 1500;
const BEAT_MS = 50;
const CHECK = ['check', '--tables', 'accounts', '--recheck-delays', '100,100', '--report', 'report.json'];
const ARGS = [...CHECK, '--events', 'events'];
const HEARTBEAT = ['--fence', 'heartbeat', '--fence-column', 'beats.n'];
const QUERY = [
  ...['--fence', 'query', '--fence-source', 'SELECT MAX(n) FROM beats'],
  ...['--fence-destination', 'SELECT n FROM beats ORDER BY n DESC LIMIT 1'],
];
const TABLES = [
  'CREATE TABLE accounts (id INT PRIMARY KEY, v INT NOT NULL)',
  'CREATE TABLE beats (n BIGINT NOT NULL)',
  'INSERT INTO beats VALUES (1)',
  `INSERT INTO accounts VALUES ${Array.from({ length: ROWS }, (_, id) => `(${id}, 0)`).join(',')}`,
];
const BEAT = 'UPDATE beats SET n = n + 1';
const CHANGE = `UPDATE accounts SET v = v + 1 WHERE id < ${CHANGED}`;

const idsOf = async (cli: TestCli) => (await cli.lines('events')).map((line) => JSON.parse(line).ID);

describe('a heartbeat comes by replication', () => {
  let pair: CheckedPair;
  beforeAll(async () => {
    pair = await startCheckedPair(TABLES);
  });
  afterAll(() => pair?.stop());
  const beats = () => repeatedly(() => pair.onPrimary(BEAT), BEAT_MS);

  /** The primary is right, and is the upstream. */
  const upstreamOf = { SRC: 'source', DST: 'destination' } as const;

  test.each([
    ['SRC', 'heartbeat', HEARTBEAT],
    ['DST', 'heartbeat', HEARTBEAT],
    ['SRC', 'query', QUERY],
    ['DST', 'query', QUERY],
  ] as const)(
    'rows that wait on a replica that stands still are no differences; direction %s, %s',
    async (direction, _kind, fence) => {
      await pair.stopApplier();
      await pair.onPrimary(CHANGE);
      await using cli = await pair.cli(direction);
      const writer = beats();
      const running = cli.start([
        ...ARGS,
        ...['--certificate', 'run.ndjson'],
        ...fence,
        '--direction',
        direction,
        '--fence-upstream',
        upstreamOf[direction],
      ]);
      await running.begun;
      await sleep(BEHIND_MS);
      await pair.startApplier();
      const { code, stderr } = await running.end;
      await writer.stop();
      const report = await cli.report('report.json');
      expect(report, stderr).toMatchObject({
        verdict: 'consistent',
        counts: { candidates: CHANGED, converged: CHANGED },
      });
      expect(code).toBe(0);
      expect(await cli.lines('events')).toEqual([]);
      expect(report.notes.map(({ code }) => code)).toContain('FENCED_BY_VALUE');
      expect(stderr).toContain('a difference counts only when the');
      const { stdout } = await cli.run(['certificate', 'verify', 'run.ndjson']);
      expect(stdout).toMatch(/^fence {2}Fenced by .* a difference counts only when the/m);
    },
  );

  test('a heartbeat that stands still makes the run inconclusive, and the reason says so', async () => {
    await pair.untilEqual();
    await pair.onPrimary('UPDATE accounts SET v = -1 WHERE id = 1234');
    await pair.untilEqual();
    await pair.onReplica('UPDATE accounts SET v = -2 WHERE id = 1234');
    await using cli = await pair.cli('SRC');
    const args = [...ARGS, ...HEARTBEAT, '--fence-upstream', 'source', '--max-wait-ms', '1000'];
    const { code } = await cli.run(args);
    const { failures, counts, verdict } = await cli.report('report.json');
    expect({ code, verdict, neq: counts.neq }).toEqual({ code: 3, verdict: 'inconclusive', neq: 0 });
    expect(failures).toMatchObject([{ code: 'TARGET_BEHIND' }]);
    expect(failures[0]?.message).toContain('stood still upstream');

    // The same difference, with a heartbeat.
    const writer = beats();
    await using again = await pair.cli('SRC');
    expect(await again.run([...ARGS, ...HEARTBEAT, '--fence-upstream', 'source'])).toMatchObject({ code: 1 });
    await writer.stop();
    expect(await idsOf(again)).toEqual([1234]);
  });

  test('a replica that stays behind the heartbeat makes the run inconclusive', async () => {
    await pair.untilEqual();
    await pair.stopApplier();
    await pair.onPrimary(CHANGE);
    const writer = beats();
    await using cli = await pair.cli('SRC');
    const { code } = await cli.run([
      ...ARGS,
      ...HEARTBEAT,
      '--fence-upstream',
      'source',
      '--max-wait-ms',
      '1000',
    ]);
    await writer.stop();
    await pair.startApplier();
    const { failures, counts } = await cli.report('report.json');
    expect(failures[0]?.message).toContain('the downstream had not applied');
    expect({ code, neq: counts.neq, failure: failures[0]?.code }).toEqual({
      code: 3,
      neq: 0,
      failure: 'TARGET_BEHIND',
    });
  });
});

describe.each(['SRC', 'DST'] as const)('a heartbeat comes by a double writer, direction %s', (direction) => {
  let databases: { readonly source: FreshDatabase; readonly destination: FreshDatabase };
  let writer: DoubleWriter;
  const upstream = direction === 'SRC' ? 'source' : 'destination';
  beforeAll(async () => {
    databases = await freshDatabases();
    const { source, destination } = databases;
    const [first, second] = direction === 'SRC' ? [source, destination] : [destination, source];
    for (const { server, name } of [first, second]) {
      const admin = await connect(server, name);
      for (const sql of TABLES) await admin.query(sql);
      await admin.end();
    }
    writer = await startDoubleWriter({ first, second }, LAG_MS);
  });
  afterAll(() => writer?.end());

  const cliOf = () =>
    testCli({
      ROWPARITY_CONNECTION_SOURCE: databases.source.url,
      ROWPARITY_CONNECTION_DESTINATION: databases.destination.url,
    });
  const fenced = [...ARGS, '--direction', direction, ...HEARTBEAT, '--fence-upstream', upstream];

  test('rows that are on their way are no differences, and a row that stays different is one', async () => {
    const downstream = databases[direction === 'SRC' ? 'destination' : 'source'];
    const admin = await connect(downstream.server, downstream.name);
    await admin.query(`UPDATE accounts SET v = -1 WHERE id = ${ROWS - 1}`);
    await admin.end();
    let id = 0;
    // Each row once: one that changes again and again has no end.
    const changes = repeatedly(async () => {
      if (id < ROWS - 1) await writer.write(`UPDATE accounts SET v = v + 1 WHERE id = ${id++}`);
      await writer.write(BEAT);
    }, 1);
    await using cli = await cliOf();
    const { code, stderr } = await cli.run(fenced);
    await changes.stop();
    await writer.drained();
    const { counts } = await cli.report('report.json');
    expect(await idsOf(cli), stderr).toEqual([ROWS - 1]);
    expect(counts).toMatchObject({ neq: 1, targetMissing: 0, baseMissing: 0 });
    expect(code).toBe(1);
  });

  test('a writer that stands still makes no difference', async () => {
    writer.hold();
    await writer.write('UPDATE accounts SET v = v + 1 WHERE id < 100');
    await using cli = await cliOf();
    const beats = repeatedly(() => writer.write(BEAT), BEAT_MS);
    const running = cli.start(fenced);
    await running.begun;
    await sleep(BEHIND_MS);
    writer.release();
    await running.end;
    await beats.stop();
    await writer.drained();
    expect(await idsOf(cli)).toEqual([ROWS - 1]);
    const { counts } = await cli.report('report.json');
    expect(counts).toMatchObject({ candidates: 101, converged: 100, neq: 1 });
  });

  test.each([
    ['no such column', ['--fence-column', 'beats.nothing'], /FENCE_REFUSED.*nothing/],
    ['several rows', ['--fence-column', 'accounts.v'], /FENCE_REFUSED.*more than 1 row/],
    ['no row', ['--fence-where', 'n < 0'], /FENCE_REFUSED.*has no value/],
  ])('a fence that cannot judge is refused before a row is read: %s', async (_name, more, words) => {
    await using cli = await cliOf();
    const { code, stderr, stdout } = await cli.run([...fenced, ...more]);
    expect(stderr).toMatch(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('the wrong side named as upstream is refused, when the value shows it', async () => {
    writer.hold();
    await writer.write(BEAT);
    await using cli = await cliOf();
    const wrong = direction === 'SRC' ? 'destination' : 'source';
    const { code, stderr } = await cli.run([...fenced, '--fence-upstream', wrong]);
    writer.release();
    await writer.drained();
    expect(stderr).toMatch(/FENCE_REFUSED.*has a later value than/);
    expect(code).toBe(2);
  });
});
