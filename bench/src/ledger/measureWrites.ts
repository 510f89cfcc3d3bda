/** Claims, commits and finishes a second: from one client that waits for each, and from several at once. */
import { zeroCounts } from '@rowparity/contracts';
import type { Hold, Ledger } from '@rowparity/core';
import { closeRedis, createRedisLedger } from '@rowparity/redis';
import { systemClock } from '@rowparity/runtime';
import { openRedis, type Redis, redisUsage } from '../shared/redisUsage.ts';

/** As a worker's. */
const HOLDER = 'worker-7c9f6d5b84-x2x4z:1';
const STRIKES_MAX = 10;
const ROWS = 100_000;

export interface WritesMeasured {
  readonly clients: number;
  readonly shards: number;
  readonly perSecond: Readonly<Record<Kind, number>>;
  /** Of Redis's one thread, a write. */
  readonly redisMicros: Readonly<Record<Kind, number>>;
  /** What a shard's state takes when it is done, beside its entry in the plan. */
  readonly bytesPerDoneShard: number;
}

type Kind = 'claim' | 'commit' | 'finish';

export interface WritesOf {
  readonly redisUrl: string;
  readonly redis: Redis;
  readonly runId: string;
  readonly clients: number;
  /** Shards of the run that are not claimed yet. */
  readonly from: number;
  readonly shards: number;
}

export async function measureWrites(input: WritesOf): Promise<WritesMeasured> {
  const { redis, redisUrl, runId, clients, from, shards } = input;
  const connections = Array.from({ length: clients }, () => openRedis(redisUrl));
  const ledgers = connections.map((connection) => createRedisLedger(connection, { clock: systemClock }));
  const holds = new Map<number, Hold>();
  const holdOf = (shard: number) => holds.get(shard) as Hold;
  const checkpoint = (shard: number) => [String(1_000_000_000 + shard * ROWS)];
  const half = { ...zeroCounts(), rowsBase: ROWS / 2, rowsTarget: ROWS / 2, planted: 3, caught: 3 };
  const writes: Readonly<Record<Kind, (ledger: Ledger, shard: number) => Promise<{ kind: string }>>> = {
    async claim(ledger, shard) {
      const claim = { runId, shard, holder: HOLDER, strikesMax: STRIKES_MAX, now: Date.now() };
      const claimed = await ledger.claim(claim);
      if (claimed.kind !== 'claimed') throw new Error(`shard ${shard} was ${claimed.kind}`);
      holds.set(shard, claimed.hold);
      return claimed;
    },
    async commit(ledger, shard) {
      const progress = { checkpoint: checkpoint(shard), add: half };
      const written = await ledger.commit(holdOf(shard), progress, Date.now());
      if (written.kind === 'written') holds.set(shard, written.hold);
      return written;
    },
    finish: (ledger, shard) =>
      ledger.finish(
        holdOf(shard),
        { checkpoint: null, add: half, outcome: 'match', failure: null },
        Date.now(),
      ),
  };
  const before = await redisUsage(redis);
  const measured: [Kind, { perSecond: number; micros: number }][] = [];
  for (const kind of ['claim', 'commit', 'finish'] as const) {
    const cpu = (await redisUsage(redis)).cpuSeconds;
    const begin = performance.now();
    let next = from;
    const client = async (ledger: Ledger) => {
      for (let shard = next++; shard < from + shards; shard = next++) {
        const { kind: answer } = await writes[kind](ledger, shard);
        if (answer !== 'claimed' && answer !== 'written') throw new Error(`${kind}: ${answer}`);
      }
    };
    await Promise.all(ledgers.map(client));
    const perSecond = shards / ((performance.now() - begin) / 1000);
    const micros = (((await redisUsage(redis)).cpuSeconds - cpu) * 1e6) / shards;
    measured.push([kind, { perSecond, micros }]);
  }
  const after = await redisUsage(redis);
  await Promise.all(connections.map(closeRedis));
  const byKind = (pick: (one: { perSecond: number; micros: number }) => number) =>
    Object.fromEntries(measured.map(([kind, one]) => [kind, pick(one)])) as Record<Kind, number>;
  return {
    clients,
    shards,
    perSecond: byKind(({ perSecond }) => perSecond),
    redisMicros: byKind(({ micros }) => micros),
    bytesPerDoneShard: (after.memoryBytes - before.memoryBytes) / shards,
  };
}
