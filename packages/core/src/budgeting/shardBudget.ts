/**
 * The budgets of the two servers of one shard: what the shard must get before it reads, and the time that it waited.
 * Both sides may be one server.
 */
import type { Clock } from '@rowparity/contracts';
import type {
  BudgetGrant,
  BudgetHost,
  HostBudget,
  HostNeed,
  HostRead,
  Throttle,
} from '../ports/hostBudget.ts';
import { SIDES, type Side, type Sides } from '../sides/sides.ts';
import type { StreamGate, StreamGrant } from './streamGate.ts';
import type { ThrottledTime } from './throttledTime.ts';

export interface ShardBudgetDeps {
  readonly budget: HostBudget;
  readonly runId: string;
  /** Undefined: this side's server has no limits. */
  readonly hosts: Sides<BudgetHost | undefined>;
  readonly clock: Clock;
  readonly throttled: ThrottledTime;
  onWait?(throttle: Throttle): void;
}

/** With a budget, streams take about this time: a stream that has begun is not ended by a pause. */
export const BUDGET_STREAM_MS = 1000;
/** Rows of the first stream, whose time is not known yet. */
export const BUDGET_STREAM_ROWS_FIRST = 16_384;
const STREAM_ROWS_MIN = 1024;
/** Of a limit of rows or bytes a second, a stream has this share: many small bursts disturb less than a large one. */
const RATE_SHARE = 0.1;

interface Reading {
  readonly sides: readonly Side[];
  readonly rows: number;
  readonly signal: AbortSignal;
}

export class ShardBudget implements StreamGate {
  readonly #deps: ShardBudgetDeps;
  /** Bytes of a row, as last seen; by side. */
  readonly #rowBytes: { base?: number; target?: number } = {};
  readonly #open = new Set<() => Promise<void>>();

  constructor(deps: ShardBudgetDeps) {
    this.#deps = deps;
  }

  /** Both streams together may be more than one server allows: then the sides are read in turn, page by page. */
  get canPair(): boolean {
    return this.#needs({ sides: SIDES, rows: 0 }).every(
      ({ host, streams }) => streams <= (host.limits.maxStreams ?? streams),
    );
  }

  /** A clock that stands still while the shard waits for a budget: measures work alone. */
  get workClock(): Pick<Clock, 'steadyNow'> {
    const { clock, throttled } = this.#deps;
    return { steadyNow: () => clock.steadyNow() - throttled.ms };
  }

  /** A sleep by this clock gives the statements of the shard back first. */
  get clock(): Clock {
    const { clock } = this.#deps;
    return {
      now: () => clock.now(),
      steadyNow: () => clock.steadyNow(),
      sleep: async (ms, signal) => {
        await this.makeWay();
        return clock.sleep(ms, signal);
      },
    };
  }

  async makeWay(): Promise<void> {
    await Promise.all([...this.#open].map((close) => close()));
  }

  async open(rows: number, signal: AbortSignal): Promise<StreamGrant> {
    const allowed = this.#streamRows(rows);
    const grant = await this.read({ sides: SIDES, rows: allowed, signal });
    return {
      rows: allowed,
      take: grant.take,
      release: grant.release,
      whenInTheWay: (close) => {
        this.#open.add(close);
        return () => void this.#open.delete(close);
      },
    };
  }

  /** Before a statement on these sides. */
  async read(reading: Reading): Promise<Omit<StreamGrant, 'rows' | 'whenInTheWay'>> {
    const needs = this.#needs(reading);
    const grant = needs.length > 0 ? await this.#admit(needs, reading.signal) : undefined;
    const taken = new Map<string, HostRead>(needs.map(({ host }) => [host.id, NOTHING]));
    return {
      take: (side, read) => {
        const id = this.#deps.hosts[side]?.id;
        if (id === undefined) return;
        if (read.rows > 0) this.#rowBytes[side] = read.bytes / read.rows;
        taken.set(id, sum(taken.get(id) ?? NOTHING, read));
      },
      release: () => grant?.release(needs.map(({ host }) => taken.get(host.id) ?? NOTHING)),
    };
  }

  /** A small read that needs no admission. */
  charge(side: Side, read: HostRead): void {
    const host = this.#deps.hosts[side];
    if (host) this.#deps.budget.charge(host, read);
  }

  isLimited(side: Side): boolean {
    return this.#deps.hosts[side] !== undefined;
  }

  async #admit(needs: readonly HostNeed[], signal: AbortSignal): Promise<BudgetGrant> {
    const { budget, runId, throttled, onWait } = this.#deps;
    throttled.begin();
    try {
      return await budget.admit({ runId, needs, ...(onWait ? { onWait } : {}) }, signal);
    } finally {
      throttled.end();
    }
  }

  #needs({ sides, rows }: Pick<Reading, 'sides' | 'rows'>): HostNeed[] {
    const needs = new Map<string, HostNeed>();
    for (const side of sides) {
      const host = this.#deps.hosts[side];
      if (!host) continue;
      const bytes = Math.round(rows * (this.#rowBytes[side] ?? 0));
      const same = needs.get(host.id);
      needs.set(host.id, {
        host,
        streams: (same?.streams ?? 0) + 1,
        rows: (same?.rows ?? 0) + rows,
        bytes: (same?.bytes ?? 0) + bytes,
      });
    }
    return [...needs.values()];
  }

  /** As many rows as the rates of the servers allow; a power of two, so that few statements are prepared. */
  #streamRows(wanted: number): number {
    const most = SIDES.flatMap((side) => {
      const { maxRowsPerSecond, maxBytesPerSecond } = this.#deps.hosts[side]?.limits ?? {};
      const rowBytes = this.#rowBytes[side];
      return [
        ...(maxRowsPerSecond === undefined ? [] : [maxRowsPerSecond]),
        ...(maxBytesPerSecond === undefined
          ? []
          : [rowBytes === undefined ? STREAM_ROWS_MIN : maxBytesPerSecond / Math.max(1, rowBytes)]),
      ];
    });
    const rows = Math.min(wanted, ...most.map((perSecond) => perSecond * RATE_SHARE));
    return Math.max(STREAM_ROWS_MIN, 2 ** Math.floor(Math.log2(Math.max(1, rows))));
  }
}

const NOTHING: HostRead = { rows: 0, bytes: 0 };

function sum(a: HostRead, b: HostRead): HostRead {
  return { rows: a.rows + b.rows, bytes: a.bytes + b.bytes };
}
