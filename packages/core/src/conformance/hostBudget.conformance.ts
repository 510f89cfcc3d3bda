/** The tests that every host budget must pass. They use the port only, and wait for states. */
import { setImmediate } from 'node:timers/promises';
import type { HostLimits } from '@rowparity/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  BudgetGrant,
  BudgetHost,
  HostBudget,
  HostNeed,
  PauseReadings,
  Throttle,
} from '../ports/hostBudget.ts';
import { FakeHostSignals } from '../testing/fakeHostSignals.ts';

export { FakeHostSignals };

export interface HostBudgetUnderTest {
  /** The same budget, as another process has it; where there is one process, the same object. */
  open(signals: FakeHostSignals): HostBudget;
  readonly pauses: (budget: HostBudget) => PauseReadings;
  cleanUp(): Promise<void>;
}

const WAIT = { timeout: 40_000, interval: 5 };
const LOAD: HostLimits = { maxLoad: [{ variable: 'Threads_running', max: 40 }] };

export function hostOf(id: string, limits: HostLimits): BudgetHost {
  return { id, name: `${id}:3306`, connection: id, limits };
}

export function needOf(host: BudgetHost, need: Partial<HostNeed> = {}): HostNeed {
  return { host, streams: 1, rows: 0, bytes: 0, ...need };
}

/** An admission that may still wait. */
export class Asking {
  readonly stop = new AbortController();
  readonly throttles: Throttle[] = [];
  grant: BudgetGrant | undefined;
  error: unknown;
  readonly ended: Promise<void>;

  constructor(budget: HostBudget, needs: readonly HostNeed[], runId = 'run') {
    const onWait = (throttle: Throttle) => void this.throttles.push(throttle);
    this.ended = budget.admit({ runId, needs, onWait }, this.stop.signal).then(
      (grant) => {
        this.grant = grant;
      },
      (error: unknown) => {
        this.error = error;
      },
    );
  }

  get last(): Throttle | undefined {
    return this.throttles.at(-1);
  }

  async granted(): Promise<BudgetGrant> {
    await this.ended;
    if (this.grant) return this.grant;
    throw this.error;
  }

  /** Looks as many times more and is still not admitted. */
  async waits(kind: Throttle['kind'], looks = 3): Promise<void> {
    const from = this.throttles.length;
    await vi.waitFor(() => {
      expect(this.error).toBeUndefined();
      expect(this.grant).toBeUndefined();
      expect(this.last?.kind).toBe(kind);
      expect(this.throttles.length).toBeGreaterThanOrEqual(from + looks);
    }, WAIT);
  }
}

export function hostBudgetConformance(name: string, make: () => Promise<HostBudgetUnderTest>): void {
  describe(`host budget: ${name}`, () => {
    let test: HostBudgetUnderTest;
    let signals: FakeHostSignals;
    let opened: HostBudget[];
    let asked: Asking[];
    const open = () => {
      const budget = test.open(signals);
      opened.push(budget);
      return budget;
    };
    const ask = (budget: HostBudget, needs: readonly HostNeed[], runId?: string) => {
      const asking = new Asking(budget, needs, runId);
      asked.push(asking);
      return asking;
    };
    beforeEach(async () => {
      test = await make();
      signals = new FakeHostSignals();
      opened = [];
      asked = [];
    });
    afterEach(async () => {
      for (const { stop } of asked) stop.abort();
      await Promise.all(asked.map(({ ended }) => ended));
      await Promise.all([...new Set(opened)].map((budget) => budget.close()));
      await test.cleanUp();
    });

    it('as many statements as the limit run at one time, however many processes ask', async () => {
      const [one, other] = [open(), open()];
      const host = hostOf('db', { maxStreams: 3 });
      const first = [one, other, one].map((budget) => ask(budget, [needOf(host)]));
      const grants = await Promise.all(first.map((asking) => asking.granted()));
      const next = ask(other, [needOf(host)]);
      await next.waits('streams');
      expect(next.last).toEqual({ host: 'db:3306', kind: 'streams', message: '3 of 3 statements run' });
      grants[0]?.release([]);
      grants[0]?.release([]);
      await next.granted();
      await ask(one, [needOf(host)]).waits('streams');
    });

    it('an admission gets all of its servers or none, and an abort gives up its place in line', async () => {
      const budget = open();
      const [a, b] = [hostOf('a', { maxStreams: 1 }), hostOf('b', { maxStreams: 1 })];
      await ask(budget, [needOf(a)]).granted();
      const both = ask(budget, [needOf(a), needOf(b)]);
      await both.waits('streams');
      const reason = new Error('draining');
      both.stop.abort(reason);
      await both.ended;
      expect(both.error).toBe(reason);
      await ask(budget, [needOf(b)]).granted();
    });

    it('two statements of one server need two places', async () => {
      const budget = open();
      const host = hostOf('db', { maxStreams: 3 });
      await ask(budget, [needOf(host, { streams: 2 })]).granted();
      await ask(budget, [needOf(host, { streams: 2 })]).waits('streams');
    });

    it('runs take turns: one with many shards does not starve another', async () => {
      const [one, other] = [open(), open()];
      const host = hostOf('db', { maxStreams: 2 });
      const held = [ask(one, [needOf(host)], 'big'), ask(one, [needOf(host)], 'big')];
      const grants = await Promise.all(held.map((asking) => asking.granted()));
      const big = [1, 2, 3, 4].map(() => ask(one, [needOf(host)], 'big'));
      await Promise.all(big.map((asking) => vi.waitFor(() => expect(asking.last).toBeDefined(), WAIT)));
      const small = ask(other, [needOf(host)], 'small');
      await small.waits('streams');
      grants[0]?.release([]);
      await small.granted();
      expect(big.filter(({ grant }) => grant)).toEqual([]);
      // Both hold one now; the big one was served longer ago.
      const smallToo = ask(other, [needOf(host)], 'small');
      await smallToo.waits('turn');
      grants[1]?.release([]);
      await vi.waitFor(() => expect(big.filter(({ grant }) => grant)).toHaveLength(1), WAIT);
    });

    it('what was read beyond the rate is paid by waiting, and so are reads without an admission', async () => {
      const [one, other] = [open(), open()];
      const host = hostOf('db', { maxRowsPerSecond: 1000 });
      const grant = await ask(one, [needOf(host, { rows: 1000 })]).granted();
      grant.release([{ rows: 2500, bytes: 0 }]);
      const next = ask(one, [needOf(host)]);
      await vi.waitFor(() => expect(next.last?.kind).toBe('rows'), WAIT);
      expect(next.last?.message).toMatch(/^\d+ rows were read beyond 1000 a second$/);
      (await next.granted()).release([{ rows: 0, bytes: 0 }]);
      one.charge(host, { rows: 3000, bytes: 0 });
      await vi.waitFor(async () => {
        const late = ask(other, [needOf(host)]);
        await vi.waitFor(() => expect(late.grant ?? late.last).toBeDefined(), WAIT);
        late.grant?.release([{ rows: 0, bytes: 0 }]);
        expect(late.last?.kind).toBe('rows');
      }, WAIT);
    });

    it('bytes have a rate of their own, and what was expected and not read is given back', async () => {
      const budget = open();
      const host = hostOf('db', { maxBytesPerSecond: 1000 });
      const grant = await ask(budget, [needOf(host, { bytes: 1_000_000_000 })]).granted();
      await ask(budget, [needOf(host)]).waits('bytes');
      grant.release([{ rows: 0, bytes: 0 }]);
      await asked.at(-1)?.granted();
    });

    it('a loaded server admits nothing, says so with numbers, and opens well below its limit', async () => {
      const budget = open();
      const host = hostOf('db', LOAD);
      signals.readings.set('db', { load: new Map([['Threads_running', 61]]) });
      const asking = ask(budget, [needOf(host)]);
      await asking.waits('load');
      expect(asking.last?.message).toBe('Threads_running 61 ≥ 40');
      const pauses = () => test.pauses(budget).pausesOf(['db']);
      expect(await pauses()).toMatchObject([
        { host: 'db:3306', to: null, reasons: [{ kind: 'load', message: 'Threads_running 61 ≥ 40' }] },
      ]);
      signals.readings.set('db', { load: new Map([['Threads_running', 35]]) });
      await vi.waitFor(() => expect(asking.last?.message).toContain('35 ≥ 32'), WAIT);
      await asking.waits('load');
      signals.readings.set('db', { load: new Map([['Threads_running', 31]]) });
      await asking.granted();
      expect(await pauses()).toMatchObject([{ host: 'db:3306', to: expect.any(Number) }]);
    });

    it('after a signal is raised, only statements that were admitted before run', async () => {
      const [one, other] = [open(), open()];
      const host = hostOf('db', { throttleQuery: 'SELECT 1' });
      await ask(one, [needOf(host)]).granted();
      signals.readings.set('db', { query: 7 });
      // Each look may still go by an answer that is a second old.
      await vi.waitFor(async () => {
        const late = ask(other, [needOf(host)]);
        await vi.waitFor(() => expect(late.grant ?? late.last).toBeDefined(), WAIT);
        expect(late.last?.kind).toBe('query');
      }, WAIT);
      for (const budget of [one, other]) await ask(budget, [needOf(host)]).waits('query');
    });

    it('a signal that cannot be read pauses, says why, and is read again', async () => {
      const budget = open();
      const host = hostOf('db', LOAD);
      signals.readings.set('db', { problem: 'the server is away' });
      const asking = ask(budget, [needOf(host)]);
      await vi.waitFor(() => expect(asking.last?.message).toBe('the server is away'), WAIT);
      await asking.waits('unread');
      signals.readings.set('db', { load: new Map([['Threads_running', 1]]) });
      await asking.granted();
    });

    it('a server without the status variable that was named is not taken for idle', async () => {
      const asking = ask(open(), [needOf(hostOf('db', LOAD))]);
      await vi.waitFor(() => expect(asking.last?.message).toContain('Threads_running'), WAIT);
      await asking.waits('unread');
    });

    it('one that waits for a paused server holds up no run on another', async () => {
      const budget = open();
      const [a, b] = [hostOf('a', LOAD), hostOf('b', { maxStreams: 1 })];
      signals.readings.set('a', { load: new Map([['Threads_running', 99]]) });
      const both = ask(budget, [needOf(a), needOf(b)]);
      await both.waits('load');
      await ask(budget, [needOf(b)]).granted();
    });

    it('one at a time asks a server, however many wait', async () => {
      const budgets = [open(), open(), open()];
      signals.beforeRead = () => setImmediate();
      const host = hostOf('db', LOAD);
      signals.readings.set('db', { load: new Map([['Threads_running', 50]]) });
      const all = budgets.flatMap((budget) => [1, 2, 3, 4].map(() => ask(budget, [needOf(host)])));
      await Promise.all(all.map((asking) => asking.waits('load')));
      expect(signals.togetherMax).toBe(1);
      expect(signals.reads).toBeLessThan(all.reduce((sum, { throttles }) => sum + throttles.length, 0));
    });
  });
}
