import { zeroCounts } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { ShardBench } from '../testing/shardBench.ts';
import { Quarantine } from './quarantine.ts';
import { leavingSlot, RestingShard } from './restingShard.ts';
import { WaitingShards } from './waitingShards.ts';

const MIB = 1024 * 1024;

type Rows = [string, string][];

const rows: Rows = Array.from({ length: 40 }, (_, i) => [`k${String(i).padStart(2, '0')}`, `v${i}`]);
const target: Rows = rows.map(([key, value], i) => [key, i % 10 === 3 ? 'other' : value]);

/** Four candidates with keys of three characters. */
const WAITS = `waits with ${4 * (1024 + 2 * 3)} bytes`;

/** What a shard does with its slot and its sessions, and when it reads. */
function watched(isTaken = true) {
  const steps: string[] = [];
  const bench: ShardBench = new ShardBench({
    base: rows,
    target,
    pageRows: 10,
    recheck: {},
    resting: {
      begin: async (bytes) => {
        steps.push(`waits with ${bytes} bytes`);
        return isTaken;
      },
      rest: async () => void steps.push('rests'),
      wake: async () => void steps.push('wakes'),
    },
    arrange: (fresh) => {
      fresh.base.beforeRead = () => steps.push('reads');
    },
  });
  return { bench, steps };
}

it('a shard that only waits for candidates gives slot and sessions away, and takes sessions for each look', async () => {
  const { bench, steps } = watched();
  await bench.run();
  expect(bench.found()).toHaveLength(4);
  const waits = steps.indexOf(WAITS);
  // Four pages.
  expect(steps.slice(0, waits)).toEqual(['reads', 'reads', 'reads', 'reads']);
  // Three early looks and five that count.
  const look = ['wakes', 'reads', 'rests'];
  expect(steps.slice(waits + 1)).toEqual(['rests', ...Array.from({ length: 8 }, () => look).flat()]);
});

it('what has settled is committed while the rest of the shard waits', async () => {
  const { bench } = watched();
  bench.clock.onSleep = () => void bench.target.rows.set('k03', 'v3');
  await bench.run();
  expect(bench.commits.map(({ checkpoint }) => checkpoint)).toContainEqual(['k09']);
});

it('while nothing settles, what is read and waits is told, and that is no progress', async () => {
  const waiting = rows.map(([key]): [string, string] => [key, 'other']);
  const bench = new ShardBench({ base: rows, target: waiting, pageRows: 10, recheck: {} });
  await bench.run();
  const [first] = bench.commits;
  expect(first).toMatchObject({ checkpoint: null, pending: { rows: 40, candidates: 40 } });
  expect(first?.add).toEqual(zeroCounts());
  // Told again only when it has changed.
  expect(bench.commits).toHaveLength(1);
});

it('before a long wait what waits is told, and what has settled is kept', async () => {
  const told: unknown[] = [];
  const bench: ShardBench = new ShardBench({
    ...{ base: rows, target, pageRows: 10, recheck: { delaysMs: [8000, 60_000] } },
    arrange: (fresh) => {
      fresh.clock.onSleep = () => {
        told.push(bench.commits.map(({ checkpoint, pending }) => [checkpoint, pending]));
        fresh.target.rows.set('k03', 'v3');
        fresh.target.rows.set('k13', 'moved');
      };
    },
  });
  await bench.run();
  const all = [null, { rows: 40, candidates: 4 }];
  expect(told).toEqual([[all], [all, [['k09'], { rows: 30, candidates: 1 }]]]);
});

it('a shard that finds too many others waiting keeps its sessions', async () => {
  const { bench, steps } = watched(false);
  await bench.run();
  expect(bench.found()).toHaveLength(4);
  expect(steps).toContain(WAITS);
  expect(steps).not.toContain('rests');
});

it('a shard without candidates has nothing to wait for', async () => {
  const { bench, steps } = watched();
  for (const [key, value] of rows) bench.target.rows.set(key, value);
  await bench.run();
  expect(steps.filter((step) => step !== 'reads')).toEqual([]);
});

const slot = (isGiven: boolean) => ({ giveBack: async () => isGiven });
const unused = { readers: [], wake: async () => undefined };

it('shards wait up to a number, and up to a number of bytes; one that ends makes room', async () => {
  const begins = async (count: number, bytes: number) => {
    const waiting = new WaitingShards();
    const shards = Array.from(
      { length: count },
      () => new RestingShard({ slot: slot(true), waiting, ...unused }),
    );
    const begun = await Promise.all(shards.map((shard) => shard.begin(bytes)));
    const one = new RestingShard({ slot: slot(true), waiting, ...unused });
    const isLate = await one.begin(bytes);
    shards[0]?.end();
    return [begun.filter(Boolean).length, isLate, await one.begin(bytes)];
  };
  expect(await begins(64, 1)).toEqual([64, false, true]);
  expect(await begins(4, 4 * MIB)).toEqual([4, false, true]);
});

it('few shards look at once; the others have their turn when one has looked, and none after an abort', async () => {
  const waiting = new WaitingShards();
  const { signal } = new AbortController();
  const stop = new AbortController();
  const ends = [await waiting.turn(signal), await waiting.turn(signal)];
  const turns: string[] = [];
  const gone = waiting.turn(stop.signal).then(
    () => turns.push('gone'),
    () => turns.push('stopped'),
  );
  const next = waiting.turn(signal).then((end) => {
    turns.push('next');
    return end;
  });
  stop.abort(new Error('stop'));
  await gone;
  expect(turns).toEqual(['stopped']);
  ends[0]?.();
  ends[0]?.();
  (await next)();
  ends[1]?.();
  expect(turns).toEqual(['stopped', 'next']);
  // All turns are free again.
  await Promise.all([waiting.turn(signal), waiting.turn(signal)]);
});

it('a shard whose slot is not taken back does not count among those that wait', async () => {
  const waiting = new WaitingShards();
  for (let i = 0; i < 100; i += 1) {
    const lost = new RestingShard({ slot: slot(false), waiting, ...unused });
    expect(await lost.begin(8 * MIB)).toBe(false);
  }
  expect(waiting.tryEnter(8 * MIB)).toBeDefined();
});

it.each([true, false])(
  'a suspect shard need not wait for one that only waits; slot given back: %s',
  async (isGiven) => {
    const quarantine = new Quarantine();
    const { signal } = new AbortController();
    const leave = await quarantine.enter('together', signal);
    let isAlone = false;
    const alone = quarantine.enter('alone', signal).then(() => {
      isAlone = true;
    });
    expect(await leavingSlot(slot(isGiven), leave).giveBack()).toBe(isGiven);
    await Promise.resolve();
    expect(isAlone).toBe(isGiven);
    leave();
    await alone;
  },
);
