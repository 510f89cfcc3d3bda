import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeEvent, type ReportedCounts, type ReportedGroup, type RunReport } from '@rowparity/contracts';
import { connect, otherSessions, type SeededRandom, seededRandom } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { linesIn, type TestCli } from '../testing/testCli.ts';
import { plantedLines, reportedLines, type TestShop, testShop } from '../testing/testShop.ts';

/** Some seconds of work: hundreds of small shards, one at a time. */
const SLOW = [
  ...['check', '--tables', '*', '--run-id', 'stopped', '--recheck-delays', '150', '--shard-rows', '20'],
  ...['--page-rows', '100', '--concurrency', '1', '--events', 'events.ndjson', '--report', 'report.json'],
];
/** Fewer than the attempts that a shard is given. */
const KILLS_MAX = 8;
/** Ten processes one after the other, on a machine that does other things as well. */
const TEST_MS_MAX = 180_000;
const KILL_EVERY_MS = { min: 30, max: 300 };
/** Of a process, from its first line on: while it plans, or in the middle of its pages. */
const LIFE_MS = { min: 0, max: 2500 };
const HALF_WAY_MS = 500;
const POLL_MS = 20;

vi.setConfig({ testTimeout: TEST_MS_MAX });

let shop: TestShop;
let undisturbed: Result;
beforeAll(async () => {
  shop = await testShop('SRC');
  await using cli = await shop.cli();
  expect((await cli.run(SLOW)).code).toBe(1);
  undisturbed = await resultOf(cli);
  expect(reportedLines(await cli.lines('events.ndjson'))).toEqual(plantedLines(shop.planted));
});
afterAll(() => shop?.[Symbol.asyncDispose]());

interface Result {
  readonly report: Partial<RunReport>;
  readonly eventIds: readonly string[];
}

/** Everything but times, and the self-test, which begins anew with each attempt. */
async function resultOf(cli: TestCli): Promise<Result> {
  const { verdict, complete, counts, shards, tables, failures, causes } = await cli.report('report.json');
  const ids = (await cli.lines('events.ndjson')).map((line) => decodeEvent(line).EventID ?? '');
  return {
    report: {
      ...{ verdict, complete, shards, failures },
      counts: compared(counts),
      // Which row is the example depends on the shard that ended first.
      causes: causes.map((group) => ({ ...group, example: null })).sort(byName),
      tables: tables.map((table) => ({ ...table, counts: compared(table.counts) })),
    },
    eventIds: [...new Set(ids)].sort(),
  };
}

const byName = (a: ReportedGroup, b: ReportedGroup) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

function compared(counts: ReportedCounts): ReportedCounts {
  return { ...counts, planted: 0, caught: 0 };
}

/** Planned, and some shards worked on. */
async function halfWay(cli: TestCli, end: Promise<unknown>): Promise<void> {
  await firstEvent(cli, end);
  await sleep(HALF_WAY_MS);
}

async function firstEvent(cli: TestCli, end: Promise<unknown>): Promise<void> {
  let isOver = false;
  void end.finally(() => {
    isOver = true;
  });
  while (!isOver && (await cli.lines('events.ndjson').catch(() => [])).length === 0) await sleep(POLL_MS);
}

function seeded(): SeededRandom {
  const seed = Number(process.env.ROWPARITY_TEST_SEED ?? randomInt(1_000_000));
  console.info(`seed ${seed} (ROWPARITY_TEST_SEED)`);
  return seededRandom(seed);
}

test.each([1, 2])('killed at random moments and resumed gives the same report and events (%#)', async () => {
  const random = seeded();
  await using cli = await shop.cli();
  let kills = 0;
  for (;;) {
    const { child, end } = cli.start([...SLOW, '--resume']);
    if (kills < KILLS_MAX) {
      await Promise.race([sleep(random.int(LIFE_MS.min, LIFE_MS.max)), end]);
      child.kill('SIGKILL');
    }
    const { code, signal, stderr } = await end;
    // Killed between the verdict and its report: the run is settled, and another command writes that.
    if (code === 2 && stderr.includes('is settled')) {
      const { stdout } = await cli.run(['report', '--ledger', 'stopped', '--json']);
      await writeFile(join(cli.folder, 'report.json'), stdout);
      break;
    }
    if (signal === null) {
      expect(code, stderr).toBe(1);
      break;
    }
    kills += 1;
  }
  console.info(`${kills} kills`);
  expect(kills).toBeGreaterThan(0);
  expect(await resultOf(cli)).toEqual(undisturbed);
});

test('Ctrl-C releases the shards and says how to resume; the resumed run ends as if undisturbed', async () => {
  await using cli = await shop.cli();
  const { child, end } = cli.start(SLOW);
  await halfWay(cli, end);
  child.kill('SIGINT');
  const stopped = await end;
  expect(stopped).toMatchObject({ code: 3, signal: null });
  expect(stopped.stderr).toContain('--resume');

  const anew = await cli.run(SLOW);
  expect(anew).toMatchObject({ code: 2 });
  expect(anew.stderr).toMatch(/not finished.*--resume/);

  const other = await cli.run([...SLOW, '--resume', '--shard-rows', '700', '--direction', 'DST']);
  expect(other).toMatchObject({ code: 2 });
  expect(other.stderr).toContain('--shard-rows: the run began with 20, found 700');
  expect(other.stderr).toContain('--direction: the run began with "SRC", found "DST"');

  expect((await cli.run([...SLOW, '--resume'])).code).toBe(1);
  expect(await resultOf(cli)).toEqual(undisturbed);
  // Settled: of its name no other run may begin, and nothing of it is written again by a check.
  const settled = await cli.run([...SLOW, '--resume']);
  expect(settled).toMatchObject({ code: 2, stdout: '' });
  expect(settled.stderr).toContain('rowparity report --ledger .rowparity/stopped.sqlite');
  expect(await resultOf(cli)).toEqual(undisturbed);
});

test('an interrupted run is found without a name, and is not continued between other databases', async () => {
  await using cli = await shop.cli();
  const args = SLOW.filter((part) => part !== '--run-id' && part !== 'stopped');
  const { child, end } = cli.start(args);
  await halfWay(cli, end);
  child.kill('SIGKILL');
  await end;
  const anew = await cli.run(args);
  expect(anew).toMatchObject({ code: 2 });
  const { source, destination } = shop.databases;
  const ledger = /in (\S+) is not finished/.exec(anew.stderr)?.[1] ?? '';
  const swapped = await cli.run([...args, '--resume', '--ledger', ledger, destination.url, source.url]);
  expect(swapped).toMatchObject({ code: 2 });
  expect(swapped.stderr).toContain('the source: the run began with another server or database');

  const { stderr, code } = await cli.run([...args, '--resume']);
  expect(stderr).toContain('continuing run');
  expect(code).toBe(1);
  expect((await resultOf(cli)).report).toEqual(undisturbed.report);
});

test('a table that was changed since its run was planned is not continued', async () => {
  await using own = await testShop('SRC');
  await using cli = await own.cli();
  const { child, end } = cli.start(SLOW);
  await halfWay(cli, end);
  child.kill('SIGINT');
  expect(await end).toMatchObject({ code: 3 });
  for (const { server, name } of Object.values(own.databases)) {
    const connection = await connect(server, name);
    await connection.query('ALTER TABLE orders ADD COLUMN later INT');
    await connection.end();
  }
  const resumed = await cli.run([...SLOW, '--resume']);
  expect(resumed).toMatchObject({ code: 2 });
  expect(resumed.stderr).toContain('orders');
});

test('connections killed at random moments change nothing of the result', async () => {
  const random = seeded();
  await using cli = await shop.cli();
  const running = cli.start(SLOW);
  let isOver = false;
  const ended = running.end.finally(() => {
    isOver = true;
  });
  await firstEvent(cli, ended);
  const killers = Object.values(shop.databases).map(async ({ server, name }) => {
    const connection = await connect(server);
    let killed = 0;
    while (!isOver) {
      await sleep(random.int(KILL_EVERY_MS.min, KILL_EVERY_MS.max));
      const ids = (await otherSessions(connection))
        .filter(({ database }) => database === name)
        .map(({ id }) => id);
      if (ids.length === 0) continue;
      const kill = connection.query(`KILL ${ids[random.int(0, ids.length - 1)]}`);
      // Gone by itself in between.
      killed += await kill.then(
        () => 1,
        () => 0,
      );
    }
    await connection.end();
    return killed;
  });
  const { code, stderr } = await ended;
  const killed = (await Promise.all(killers)).reduce((sum, one) => sum + one, 0);
  console.info(`${killed} connections killed`);
  expect(code, stderr).toBe(1);
  expect(killed).toBeGreaterThan(0);
  expect(await resultOf(cli)).toEqual(undisturbed);
});

test('a reader of the events who goes away stops the check, and it can be continued', async () => {
  await using cli = await shop.cli();
  const args = [
    'check',
    '--tables',
    '*',
    '--recheck-delays',
    '150',
    '--shard-rows',
    '500',
    '--concurrency',
    '2',
  ];
  const { stdout, stderr } = await cli.run(args, [
    ...['/bin/sh', '-c', '{ "$@"; echo $? > code; } | head -n 1', 'sh'],
  ]);
  expect(linesIn(stdout)).toHaveLength(1);
  expect(await cli.lines('code'), stderr).toEqual(['3']);
  const resumed = await cli.run([...args, '--resume']);
  expect(resumed.code).toBe(1);
  expect(linesIn(resumed.stdout).length).toBeGreaterThan(0);
});
