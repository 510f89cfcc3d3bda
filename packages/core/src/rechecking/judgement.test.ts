import { describe, expect, it } from 'vitest';
import type { ServerPosition } from '../ports/rowSource.ts';
import type { Side } from '../sides/sides.ts';
import { type BenchOptions, ShardBench } from '../testing/shardBench.ts';

type Rows = [string, string][];

const rows: Rows = Array.from({ length: 20 }, (_, i) => [`k${String(i).padStart(2, '0')}`, `v${i}`]);
const with2 = (key: string, value: string): Rows =>
  rows.map(([name, old]) => (name === key ? [name, value] : [name, old]));

/** What happens to the rows as time goes on: called with the milliseconds since the start, before each read too. */
type Live = (bench: ShardBench, ms: number) => void;

async function run(options: Omit<BenchOptions, 'arrange'>, live: Live = () => undefined) {
  const bench = new ShardBench({ recheck: {}, ...options, arrange: (fresh) => arrange(fresh, live) });
  const end = await bench.run();
  return { bench, end, counts: bench.counts(end), ms: bench.clock.steadyNow() };
}

function arrange(bench: ShardBench, live: Live): void {
  for (const side of ['base', 'target'] as const) {
    bench[side].beforeRead = () => live(bench, bench.clock.steadyNow());
  }
  bench.clock.onSleep = () => live(bench, bench.clock.steadyNow());
}

describe('without a fence', () => {
  it('a difference counts when it stood still through five looks and for five seconds', async () => {
    const { bench, end, ms } = await run({ base: rows, target: with2('k03', 'other') });
    expect(bench.found()).toEqual(['neq k03']);
    expect(end).toMatchObject({ outcome: 'differs' });
    expect(ms).toBeGreaterThanOrEqual(5000);
    // The page, three early looks at the one key, and five that count.
    expect(bench.base.reads).toBe(1 + 3 + 5);
  });

  it('the looks are at uneven intervals, and the same ones in a second attempt', async () => {
    const timesOf = async () => {
      const times = new Set<number>();
      await run({ base: rows, target: with2('k03', 'other') }, ({ base }, ms) => {
        if (base.reads > 1) times.add(ms);
      });
      return [...times];
    };
    const times = await timesOf();
    expect(await timesOf()).toEqual(times);
    const gaps = times.slice(1).map((ms, i) => ms - (times[i] as number));
    expect(new Set(gaps).size).toBe(gaps.length);
    expect(gaps.length).toBeGreaterThanOrEqual(4);
  });

  it.each([800, 3000, 4500])('a row that arrives after %d ms is no difference', async (lagMs) => {
    const { bench, end, counts } = await run({ base: with2('k03', 'new'), target: rows }, (live, ms) => {
      if (ms >= lagMs) live.target.rows.set('k03', 'new');
    });
    expect(bench.events).toEqual([]);
    expect(end).toMatchObject({ outcome: 'match' });
    expect(counts).toMatchObject({ candidates: 1, converged: 1 });
    // Known to half the time between two looks.
    expect(Math.abs(bench.convergence.slowestMs - lagMs)).toBeLessThan(1000);
  });

  it('the lag of rows that change at every look is their own, not the time since they were found', async () => {
    const { bench, counts } = await run(
      { base: with2('k03', 'n0'), target: with2('k03', 'old') },
      (live, ms) => {
        const versionAt = (time: number) => `n${Math.floor(Math.max(0, time) / 300)}`;
        live.base.rows.set('k03', versionAt(ms));
        // Behind for 12 s, then equal.
        if (ms >= 12_000) live.target.rows.set('k03', versionAt(ms));
      },
    );
    expect(counts).toMatchObject({ candidates: 1, converged: 1 });
    expect(bench.convergence.slowestMs).toBeLessThan(1000);
  });

  it.each([
    ['stands still', () => undefined],
    [
      'keeps changing and is missing on the target',
      (bench: ShardBench, ms: number) => {
        bench.target.rows.delete('k07');
        bench.base.rows.set('k07', `at ${ms}`);
      },
    ],
  ] as const)(
    'a difference that %s counts also when a slow convergence is seen at its last looks',
    async (_, change) => {
      const { bench, counts, ms } = await run({ base: rows, target: with2('k07', 'other') }, (live, now) => {
        change(live, now);
        if (now >= 4000) live.convergence.observe(20_000);
      });
      expect(counts).toMatchObject({ candidates: 1, unstable: 0 });
      expect(bench.found()).toHaveLength(1);
      expect(ms).toBeGreaterThanOrEqual(60_000);
    },
  );

  it('after a slow convergence differences must stand still for three times as long', async () => {
    const { bench, ms } = await run(
      { base: with2('k03', 'new'), target: with2('k07', 'other') },
      (live, now) => {
        live.convergence.observe(4000);
        if (now >= 9000) live.target.rows.set('k03', 'new');
      },
    );
    expect(bench.found()).toEqual(['neq k07']);
    expect(ms).toBeGreaterThanOrEqual(12_000);
  });

  it('a value that toggles on both sides, the target some time behind, is never a difference', async () => {
    const flagOf = (ms: number) => (Math.floor(ms / 700) % 2 === 0 ? 'on' : 'off');
    const { bench, counts } = await run(
      { base: with2('k03', 'on'), target: with2('k03', 'off') },
      (live, ms) => {
        live.base.rows.set('k03', flagOf(ms));
        live.target.rows.set('k03', flagOf(Math.max(0, ms - 400) + 700));
      },
    );
    expect(bench.events.filter(({ Stability }) => Stability === 'confirmed')).toEqual([]);
    expect(counts.candidates).toBe(1);
  });
});

describe('rows that keep changing', () => {
  it('a row that the base had at every look and the target at none is missing there', async () => {
    const { bench, counts } = await run(
      { base: rows, target: rows.filter(([key]) => key !== 'k03') },
      (live, ms) => void live.base.rows.set('k03', `at ${ms}`),
    );
    expect(bench.found()).toEqual(['target_missing k03']);
    expect(counts).toMatchObject({ targetMissing: 1, unstable: 0 });
  });

  it.each([
    ['target', 'base'],
    ['base', 'target'],
  ] as const)('a %s that moves to versions which the %s had before follows it', async (follower, leader) => {
    const times: number[] = [];
    const rowsOf = { [leader]: with2('k03', 'n1'), [follower]: with2('k03', 'old') };
    const { bench, counts } = await run(rowsOf as Record<Side, Rows>, (live, ms) => {
      if (!times.includes(ms)) times.push(ms);
      live[leader].rows.set('k03', `n${times.length}`);
      live[follower].rows.set('k03', times.length > 6 ? `n${times.length - 4}` : 'old');
    });
    expect(bench.events).toEqual([]);
    expect(counts).toMatchObject({ converged: 1, unstable: 0 });
  });

  it('a value that toggles on both sides and never agrees is not taken for one that follows', async () => {
    const flag = (ms: number, isOn: boolean) => ((Math.floor(ms / 700) % 2 === 0) === isOn ? 'on' : 'off');
    const { end, counts } = await run(
      { base: with2('k03', 'on'), target: with2('k03', 'off') },
      (live, ms) => {
        live.base.rows.set('k03', flag(ms, true));
        live.target.rows.set('k03', flag(ms, false));
      },
    );
    expect(counts).toMatchObject({ candidates: 1, converged: 0 });
    expect(end).not.toMatchObject({ outcome: 'match' });
  });

  it('a target that stands still while the base changes follows nothing: it stays unstable, with its key', async () => {
    let version = 0;
    const { end, counts } = await run({ base: with2('k03', 'n0'), target: with2('k03', 'stuck') }, (live) => {
      version += 1;
      live.base.rows.set('k03', `n${version}`);
    });
    expect(end).toMatchObject({
      outcome: 'inconclusive',
      failure: { code: 'UNSTABLE_ROWS' },
      rest: { unstable: [{ key: ['k03'], type: 'neq' }] },
    });
    expect(counts).toMatchObject({ unstable: 1 });
  });
});

const UUID = { base: '3e11fa47-71ca-11e1-9e33-c80aa9429562', target: 'd3fe112a-e9d8-11f1-8c06-02fc00000001' };

function positionOf(side: 'base' | 'target', value: string): ServerPosition {
  return { uuid: UUID[side], serverId: side, position: { variable: 'gtid_executed', value } };
}

describe.each(['base', 'target'] as const)('behind a fence, the %s upstream', (upstream) => {
  const downstream: Side = upstream === 'base' ? 'target' : 'base';
  const planned = {
    [upstream]: positionOf(upstream, `${UUID[upstream]}:1-5`),
    [downstream]: positionOf(downstream, `${UUID[upstream]}:1-5`),
  } as Record<'base' | 'target', ServerPosition>;
  /** The upstream is at transaction 9; the downstream gets there at a certain time. */
  const stand = (bench: ShardBench, downstreamAt: number): void => {
    bench[upstream].serverPosition = positionOf(upstream, `${UUID[upstream]}:1-9`);
    bench[downstream].serverPosition = positionOf(downstream, `${UUID[upstream]}:1-${downstreamAt}`);
  };
  const sides = (value: string) =>
    ({ [upstream]: with2('k03', value), [downstream]: rows }) as Record<'base' | 'target', Rows>;
  const fencing = { kind: 'positions', upstream, planned } as const;

  it('what differs while the downstream stands still for 20 s waits, and is equal when it has caught up', async () => {
    const { bench, end, counts, ms } = await run({ ...sides('new'), fencing }, (live, now) => {
      stand(live, now >= 20_000 ? 9 : 5);
      if (now >= 20_000) live[downstream].rows.set('k03', 'new');
    });
    expect(bench.events).toEqual([]);
    expect(end).toMatchObject({ outcome: 'match' });
    expect(counts).toMatchObject({ candidates: 1, converged: 1 });
    expect(ms).toBeGreaterThanOrEqual(20_000);
    // Lag that the fence has ruled out makes no later difference wait longer.
    expect(bench.convergence.slowestMs).toBe(0);
  });

  it('what is still different when the downstream has caught up is a difference', async () => {
    const { bench, end, ms } = await run({ ...sides('new'), fencing }, (live, now) =>
      stand(live, now >= 20_000 ? 9 : 5),
    );
    expect(bench.found()).toEqual(['neq k03']);
    expect(end).toMatchObject({ outcome: 'differs' });
    expect(ms).toBeGreaterThanOrEqual(20_000);
  });

  it('while it waits for the downstream alone, no row is read', async () => {
    const { bench } = await run({ ...sides('new'), fencing, recheck: { stillMs: 1000 } }, (live, now) =>
      stand(live, now >= 20_000 ? 9 : 5),
    );
    // The page, eight looks until it stood still for long enough, and seven when the downstream had caught up.
    expect(bench.base.reads).toBe(1 + 8 + 7);
  });

  it('a value that toggles is no difference, wherever the downstream stands still and however it catches up', async () => {
    for (let phase = 0; phase < 2000; phase += 5) {
      const everyMs = 800 + 3.7 * phase;
      const toggles = (ms: number) => 1 + Math.floor((ms + 37 * phase) / everyMs);
      const flag = (count: number) => (count % 2 === 0 ? 'on' : 'off');
      const { bench, counts } = await run(
        { ...sides('off'), fencing, recheck: { stillMs: 1000 } },
        (live, now) => {
          // Still for 20 s, then it applies ten times as fast as the upstream writes, and stays 30 ms behind.
          const appliedMs = now < 20_000 ? -everyMs : Math.min(now - 30, 10 * (now - 20_000));
          live[upstream].rows.set('k03', flag(toggles(now)));
          live[downstream].rows.set('k03', flag(toggles(appliedMs)));
          live[upstream].serverPosition = positionOf(upstream, `${UUID[upstream]}:1-${9 + toggles(now)}`);
          live[downstream].serverPosition = positionOf(
            downstream,
            `${UUID[upstream]}:1-${9 + toggles(appliedMs)}`,
          );
        },
      );
      expect(bench.events.filter(({ Stability }) => Stability === 'confirmed')).toEqual([]);
      expect(counts.candidates).toBe(1);
    }
  });

  it('a page of which most rows differ waits for the downstream as one row does', async () => {
    const many = Array.from({ length: 300 }, (_, i): [string, string] => [String(1000 + i), 'old']);
    const written = many.map(([key]): [string, string] => [key, 'new']);
    const pages = { [upstream]: written, [downstream]: many } as Record<Side, Rows>;
    const reads: number[] = [];
    const { bench, counts } = await run({ ...pages, keyKind: 'decimal', fencing }, (live, now) => {
      stand(live, now >= 20_000 ? 9 : 5);
      // One of them was only behind.
      if (now >= 20_000) live[downstream].rows.set('1005', 'new');
      if (now < 20_000) reads.push(live.base.reads);
    });
    expect(bench.found()).toHaveLength(299);
    expect(counts).toMatchObject({ candidates: 300, converged: 1, neq: 299, unstable: 0 });
    // Once it has stood still for long enough, no row is read until the downstream has caught up.
    expect(Math.max(...reads)).toBe(1 + 5);
  });

  it('a downstream that stays behind makes the shard inconclusive, never different', async () => {
    const { end, counts, ms } = await run(
      { ...sides('new'), fencing, recheck: { maxWaitMs: 30_000 } },
      (live) => stand(live, 5),
    );
    expect(end).toMatchObject({ outcome: 'inconclusive', failure: { code: 'TARGET_BEHIND' } });
    expect(counts).toMatchObject({ unstable: 1, neq: 0 });
    expect(ms).toBeGreaterThanOrEqual(30_000);
  });

  it('a change of the upstream row voids the mark: the downstream must pass the one after it', async () => {
    const { bench, end } = await run({ ...sides('new'), fencing }, (live, now) => {
      const positionAt = (sequence: number) => `${UUID[upstream]}:1-${sequence}`;
      live[upstream].serverPosition = positionOf(upstream, positionAt(now < 8000 ? 9 : 12));
      live[downstream].serverPosition = positionOf(
        downstream,
        positionAt(now < 8000 ? 5 : now < 30_000 ? 9 : 12),
      );
      if (now >= 8000) live[upstream].rows.set('k03', 'newer');
      if (now >= 30_000) live[downstream].rows.set('k03', 'newer');
    });
    expect(bench.events).toEqual([]);
    expect(end).toMatchObject({ outcome: 'match' });
  });

  it('a schedule of delays waits for the downstream, too', async () => {
    const delaysMs = [100, 100];
    const { bench, end } = await run({ ...sides('new'), fencing, delaysMs }, (live, now) => {
      stand(live, now >= 20_000 ? 9 : 5);
      if (now >= 20_000) live[downstream].rows.set('k03', 'new');
    });
    expect(bench.events).toEqual([]);
    expect(end).toMatchObject({ outcome: 'match' });
  });

  it.each<Side>([upstream, downstream])(
    'a history of the %s that begins anew is no basis for a verdict',
    async (side: Side) => {
      const lost = run({ ...sides('new'), fencing }, (live) => {
        stand(live, 9);
        live[side].serverPosition = positionOf(side, `${UUID[upstream]}:1-2`);
      });
      await expect(lost).rejects.toMatchObject({ class: 'permanent', code: 'POSITION_LOST' });
    },
  );

  it('another server behind the address is no basis for a verdict', async () => {
    const lost = run({ ...sides('new'), fencing }, (live) => {
      stand(live, 9);
      live[downstream].serverPosition = {
        ...live[downstream].serverPosition,
        uuid: '11111111-2222-3333-4444-555555555555',
      };
    });
    await expect(lost).rejects.toMatchObject({ code: 'POSITION_LOST' });
  });
});
