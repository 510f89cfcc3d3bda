// A table without a key gets a verdict: what differs is counted and told by digests, also after any number of kills.
import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeEvent } from '@rowparity/contracts';
import { connect, seededRandom } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { TestCli } from '../testing/testCli.ts';
import { type TestShop, testShop } from '../testing/testShop.ts';

/** Some processes one after the other, on a machine that does other things as well. */
vi.setConfig({ testTimeout: 180_000 });

const KILLS_MAX = 6;
const LIFE_MS = { min: 200, max: 2000 };
const CHECK = [
  ...['check', '--tables', 'log', '--run-id', 'keyless', '--recheck-delays', '100', '--shard-rows', '10'],
  ...['--concurrency', '2', '--events', 'events.ndjson', '--report', 'report.json'],
];
/** Rows that one side has more often. */
const EXPECTED = { targetMissing: 12, neq: 0, baseMissing: 9, unstable: 0 };

let shop: TestShop;

beforeAll(async () => {
  shop = await testShop();
  const [source, destination] = await Promise.all(
    Object.values(shop.databases).map(({ server, name }) => connect(server, name)),
  );
  const values = Array.from(
    { length: 6000 },
    (_, i) => `(${i % 4000}, 'entry ${i % 4000}', ${i % 7 === 0 ? 'NULL' : i % 4000})`,
  );
  for (const connection of [source, destination]) {
    await connection?.query('CREATE TABLE log (a INT, b VARCHAR(40), c INT NULL)');
    await connection?.query(`INSERT INTO log VALUES ${values.join(',')}`);
  }
  // Six are gone, six are others, and three more are there twice over.
  await destination?.query('DELETE FROM log WHERE a BETWEEN 3000 AND 3005');
  await destination?.query('UPDATE log SET b = CONCAT(b, "!") WHERE a BETWEEN 3500 AND 3505');
  await destination?.query('INSERT INTO log SELECT a, b, c FROM log WHERE a BETWEEN 3900 AND 3902');
  await Promise.all([source?.end(), destination?.end()]);
});

afterAll(() => shop?.[Symbol.asyncDispose]());

async function resultOf(cli: TestCli) {
  const { verdict, complete, counts } = await cli.report('report.json');
  const events = (await cli.lines('events.ndjson')).map(decodeEvent);
  const { rowsBase, rowsTarget, targetMissing, neq, baseMissing, unstable } = counts;
  return {
    verdict,
    complete,
    counts: { rowsBase, rowsTarget, targetMissing, neq, baseMissing, unstable },
    digests: [...new Set(events.map(({ Type, RowDigest, Rows }) => `${Type} ${RowDigest} ${Rows}`))].sort(),
  };
}

test.each(['exact', 'checksum'])(
  'with --strategy %s rows only here and only there are counted, and told by digest',
  async (strategy) => {
    await using cli = await shop.cli();
    const explained = await cli.run(['check', '--tables', 'log', '--explain']);
    expect(explained.stdout).toContain('as multisets of digests');
    const end = await cli.run([...CHECK, '--strategy', strategy, '--certificate', 'run.ndjson']);
    expect(end.code).toBe(1);
    const result = await resultOf(cli);
    expect(result).toMatchObject({ verdict: 'inconsistent', complete: true, counts: EXPECTED });
    expect(result.digests).toHaveLength(21);
    expect((await cli.run(['certificate', 'verify', 'run.ndjson'])).code).toBe(0);
  },
);

test('killed at random moments and resumed, the counts and events are those of a run that nothing disturbed', async () => {
  await using undisturbed = await shop.cli();
  await undisturbed.run(CHECK);
  const seed = Number(process.env.ROWPARITY_TEST_SEED ?? randomInt(1_000_000));
  console.info(`seed ${seed} (ROWPARITY_TEST_SEED)`);
  const random = seededRandom(seed);
  await using cli = await shop.cli();
  for (let kills = 0; ; kills += 1) {
    const { child, end } = cli.start([...CHECK, '--resume']);
    if (kills < KILLS_MAX) {
      await Promise.race([sleep(random.int(LIFE_MS.min, LIFE_MS.max)), end]);
      child.kill('SIGKILL');
    }
    const { code, stderr } = await end;
    // Killed between the verdict and its report: the run is settled, and another command writes that.
    if (code === 2 && stderr.includes('is settled')) {
      const { stdout } = await cli.run(['report', '--ledger', 'keyless', '--json']);
      await writeFile(join(cli.folder, 'report.json'), stdout);
    }
    if (code !== null) break;
  }
  expect(await resultOf(cli)).toEqual(await resultOf(undisturbed));
});
