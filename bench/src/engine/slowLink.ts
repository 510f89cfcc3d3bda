/**
 * Runs in a network namespace of its own, whose loopback is made as slow as a link: servers and client are inside, so
 * nothing else on the machine is slowed down. Argument: the number of rows. Prints JSON on standard output.
 */
import { execFileSync } from 'node:child_process';
import type { Sides } from '@rowparity/core';
import type { SessionPool } from '@rowparity/mysql';
import { startServers } from '@rowparity/testkit';
import { median } from '../shared/timing.ts';
import { compareTable, openPools } from './compareTable.ts';
import { checksumBoth } from './contenders.ts';
import { makeTables } from './tables.ts';

const RATES_MBIT = [1000, 100] as const;
const ROUNDS = 3;
/**
 * More than the loopback's longest packet, or nothing passes, and less than a compressed sample of rows, or it is taken
 * for fast; and a few milliseconds of queue.
 */
const SHAPE = ['burst', '100kb', 'latency', '50ms'];

const WORDS: Readonly<Record<string, string>> = { false: 'plain', zlib: 'zlib', zstd: 'zstd' };

const rows = Number(process.argv[2]);
const say = (line: string) => process.stderr.write(`${line}\n`);
execFileSync('ip', ['link', 'set', 'lo', 'up']);
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('ROWPARITY_TEST_')),
);
const servers = await startServers({ want: ['sql'], say, env });
/** MariaDB has zlib alone. */
const COMPRESSIONS = servers.source.flavour === 'mysql' ? ['false', 'zlib', 'zstd'] : ['false', 'zlib'];
try {
  await makeTables(servers, { rows, narrowRows: 1000 });
  const results = [];
  for (const rate of RATES_MBIT) {
    execFileSync('tc', ['qdisc', 'replace', 'dev', 'lo', 'root', 'tbf', 'rate', `${rate}mbit`, ...SHAPE]);
    results.push({ rateMbit: rate, seconds: await measure() });
  }
  execFileSync('tc', ['qdisc', 'del', 'dev', 'lo', 'root']);
  process.stdout.write(`${JSON.stringify(results)}\n`);
} finally {
  await servers.stop();
}

async function measure(): Promise<Record<string, number>> {
  const pools = openPools(servers);
  const byWord = Object.fromEntries(COMPRESSIONS.map((word) => [word, openPools(servers, word)]));
  const exactBy = (word: string) => () =>
    compareTable(byWord[word] as Sides<SessionPool>, { table: 'orders', strategy: 'exact' });
  const ways: Record<string, () => Promise<unknown>> = {
    // As the link is found to need it.
    exact: () => compareTable(pools, { table: 'orders', strategy: 'exact' }),
    ...Object.fromEntries(COMPRESSIONS.map((word) => [`exact, ${WORDS[word]}`, exactBy(word)])),
    checksum: () => compareTable(pools, { table: 'orders', strategy: 'checksum' }),
    auto: () => compareTable(pools, { table: 'orders', strategy: 'auto' }),
    'BIT_XOR(CRC32)': () => checksumBoth(servers, 'orders', 'crc32'),
  };
  const seconds = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(ways)) {
      const begin = performance.now();
      await run();
      seconds.get(name)?.push((performance.now() - begin) / 1000);
    }
  }
  for (const { base, target } of [pools, ...Object.values(byWord)]) {
    const { choice } = base.places.link;
    if (choice) say(`${base.place}: ${choice.why}`);
    await Promise.all([base.close(), target.close()]);
  }
  return Object.fromEntries([...seconds].map(([name, all]) => [name, median(all)]));
}
