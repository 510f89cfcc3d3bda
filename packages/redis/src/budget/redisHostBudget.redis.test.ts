import type { Clock } from '@rowparity/contracts';
import type { HostBudget } from '@rowparity/core';
import {
  Asking,
  FakeHostSignals,
  hostBudgetConformance,
  hostOf,
  needOf,
} from '@rowparity/core/conformance/hostBudget';
import { systemClock } from '@rowparity/runtime';
import { startTcpProxy } from '@rowparity/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectRedis } from '../connection/connectRedis.ts';
import { testRedis } from '../testing/testRedis.ts';
import { createRedisHostBudget } from './redisHostBudget.ts';
import { openRedisPauses } from './redisPauses.ts';

const onError = (error: unknown) => {
  throw error;
};

hostBudgetConformance('redis', async () => {
  const { redis, prefix, cleanUp } = testRedis('ledger');
  return {
    open: (signals) => createRedisHostBudget({ redis, prefix, clock: systemClock, signals, onError }),
    pauses: () => openRedisPauses(redis, { prefix }),
    cleanUp,
  };
});

describe('what may happen to the fleet', () => {
  const HOST = hostOf('db', { maxStreams: 1 });
  const WAIT = { timeout: 40_000, interval: 20 };
  let test: ReturnType<typeof testRedis>;
  const ends: (() => Promise<unknown>)[] = [];

  beforeEach(() => {
    test = testRedis('ledger');
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    await test.cleanUp();
  });

  function process(options: { grantMs?: number; url?: string } = {}) {
    const redis = connectRedis({ url: options.url ?? test.url, use: 'http', onError: () => undefined });
    const clock = new StoppableClock();
    const budget = createRedisHostBudget({
      ...{ redis, prefix: test.prefix, clock, signals: new FakeHostSignals(), onError: () => undefined },
      ...(options.grantMs === undefined ? {} : { grantMs: options.grantMs }),
    });
    ends.push(async () => {
      clock.resume();
      await budget.close();
      redis.disconnect();
    });
    return { redis, clock, budget };
  }

  function ask(budget: HostBudget) {
    const asking = new Asking(budget, [needOf(HOST)]);
    ends.push(async () => {
      asking.stop.abort();
      await asking.ended;
    });
    return asking;
  }

  const key = (name: string) => `${test.prefix}:budget:${name}`;

  it('the place of a killed process comes back when its time is over', async () => {
    const [dead, other] = [process({ grantMs: 2500 }), process({ grantMs: 2500 })];
    await ask(dead.budget).granted();
    dead.clock.stop();
    const asking = ask(other.budget);
    await asking.waits('streams');
    await asking.granted();
  });

  it('a process that lives keeps its place for longer than that', async () => {
    const [one, other] = [process({ grantMs: 2500 }), process({ grantMs: 2500 })];
    await ask(one.budget).granted();
    const [before] = Object.values(await test.redis.hgetall(key('grants')));
    await vi.waitFor(async () => {
      const [now] = Object.values(await test.redis.hgetall(key('grants')));
      expect(JSON.parse(now ?? '{}').until).toBeGreaterThan(JSON.parse(before ?? '{}').until + 2500);
    }, WAIT);
    await ask(other.budget).waits('streams');
  });

  it('a Redis that lost its keys admits nothing until every process has told what it holds', async () => {
    const [one, other] = [process(), process()];
    const grant = await ask(one.budget).granted();
    await test.redis.del(key('grants'), key('waiting'), key('hosts'), key('state'));
    const asking = ask(other.budget);
    await vi.waitFor(() => expect(asking.last?.kind).toBe('recovering'), WAIT);
    await asking.waits('streams');
    grant.release([]);
    await asking.granted();
  });

  it.each([-3_600_000, 3_600_000])('a clock of Redis that jumps by %d ms ends no grant', async (jumpMs) => {
    const [one, other] = [process(), process()];
    await ask(one.budget).granted();
    // The same as a jump of the clock: what is stored was written at the other time. No message comes in between.
    one.clock.stop();
    const [token, text] = Object.entries(await test.redis.hgetall(key('grants')))[0] as [string, string];
    const grant = JSON.parse(text);
    await test.redis.hset(key('grants'), token, JSON.stringify({ ...grant, until: grant.until - jumpMs }));
    const last = Number(await test.redis.hget(key('state'), 'last'));
    const since = Number(await test.redis.hget(key('state'), 'since'));
    await test.redis.hset(key('state'), { last: last - jumpMs, since: since - jumpMs });
    await ask(other.budget).waits('streams');
  });

  it('a process that stood still for long holds its place again: its statement still runs', async () => {
    const [one, other] = [process({ grantMs: 1500 }), process({ grantMs: 1500 })];
    await ask(one.budget).granted();
    one.clock.stop();
    await ask(other.budget).granted();
    one.clock.resume();
    await vi.waitFor(async () => expect(await test.redis.hlen(key('grants'))).toBe(2), WAIT);
    await ask(other.budget).waits('streams');
  });

  it('without Redis nothing is admitted, and the reason is told; with it, work goes on', async () => {
    const { hostname, port } = new URL(test.url);
    const link = await startTcpProxy({ host: hostname, port: Number(port) });
    ends.push(() => link.close());
    const { budget } = process({ url: `redis://${link.host}:${link.port}` });
    (await ask(budget).granted()).release([]);
    link.set({ kind: 'silent' });
    link.cut();
    const asking = ask(budget);
    await vi.waitFor(() => expect(asking.last?.kind).toBe('unreachable'), WAIT);
    link.set({ kind: 'fair' });
    link.cut();
    await asking.granted();
  });

  it('a place is free at once when its statement has ended', async () => {
    const [one, other] = [process(), process()];
    const grant = await ask(one.budget).granted();
    const asking = ask(other.budget);
    await asking.waits('streams');
    grant.release([]);
    await vi.waitFor(async () => expect(await test.redis.hlen(key('waiting'))).toBe(0), WAIT);
    expect((await asking.granted()) !== undefined).toBe(true);
  });

  it('without a limit that counts, an admission is one call of Redis', async () => {
    const { budget, redis } = process();
    await ask(budget).granted();
    let calls = 0;
    const send = redis.sendCommand.bind(redis);
    redis.sendCommand = (...args: Parameters<typeof send>) => {
      calls += 1;
      return send(...args);
    };
    await new Asking(budget, [needOf(hostOf('other', { maxRowsPerSecond: 1_000_000 }))]).granted();
    expect(calls).toBe(1);
  });
});

/** The machine's clock, whose sleeps can be made to last: a process that is suspended. */
class StoppableClock implements Clock {
  #stopped: PromiseWithResolvers<void> | undefined;

  now = () => systemClock.now();
  steadyNow = () => systemClock.steadyNow();

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await systemClock.sleep(ms, signal);
    await this.#stopped?.promise;
  }

  stop(): void {
    this.#stopped ??= Promise.withResolvers();
  }

  resume(): void {
    this.#stopped?.resolve();
    this.#stopped = undefined;
  }
}
