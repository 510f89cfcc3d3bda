/**
 * Who may read next, within one process. All that one admission needs is given at once, so no two wait for each other.
 * The run with the fewest statements comes first, then the one that was admitted longest ago, then the one that came
 * first. Shards of one run have no order.
 */
import type { HostNeed, HostRead, Throttle } from '../ports/hostBudget.ts';
import { RateBucket } from './rateBucket.ts';

export interface Ticket {
  readonly id: number;
  readonly runId: string;
  readonly needs: readonly HostNeed[];
}

type Rate = 'rows' | 'bytes';

export class Admissions {
  readonly #waiting = new Map<number, Ticket>();
  readonly #granted = new Map<number, Ticket>();
  readonly #buckets = new Map<string, RateBucket>();
  readonly #lastOfRun = new Map<string, number>();
  #grants = 0;

  /** Undefined: granted. */
  tryAdmit(ticket: Ticket, nowMs: number): Throttle | undefined {
    this.#waiting.set(ticket.id, ticket);
    const throttle = this.#throttleOf(ticket, nowMs);
    if (throttle) return throttle;
    this.#waiting.delete(ticket.id);
    this.#granted.set(ticket.id, ticket);
    this.#grants += 1;
    this.#remember(ticket.runId);
    for (const { host, rows, bytes } of ticket.needs) this.charge(host.id, { rows, bytes });
    return undefined;
  }

  leave(ticket: Ticket): void {
    this.#waiting.delete(ticket.id);
  }

  release(ticket: Ticket, read: readonly HostRead[]): void {
    this.#granted.delete(ticket.id);
    for (const [i, { host, rows, bytes }] of ticket.needs.entries()) {
      const real = read[i] ?? { rows, bytes };
      this.charge(host.id, { rows: real.rows - rows, bytes: real.bytes - bytes });
    }
  }

  /** Where there is no such limit nothing is kept. */
  charge(hostId: string, read: HostRead): void {
    for (const rate of ['rows', 'bytes'] as const) this.#buckets.get(`${rate} ${hostId}`)?.charge(read[rate]);
  }

  #throttleOf(ticket: Ticket, nowMs: number): Throttle | undefined {
    for (const other of this.#waiting.values()) {
      if (other === ticket || !sharesHost(ticket, other) || !this.#isBefore(other, ticket)) continue;
      const host = ticket.needs[0]?.host.name ?? '';
      return { host, kind: 'turn', message: `run ${other.runId} comes first` };
    }
    for (const need of ticket.needs) {
      const throttle = this.#streamsThrottle(need) ?? this.#rateThrottle(need, nowMs);
      if (throttle) return throttle;
    }
    return undefined;
  }

  #isBefore(a: Ticket, b: Ticket): boolean {
    if (a.runId === b.runId) return false;
    const held = this.#heldBy(a.runId) - this.#heldBy(b.runId);
    if (held !== 0) return held < 0;
    const last = (this.#lastOfRun.get(a.runId) ?? 0) - (this.#lastOfRun.get(b.runId) ?? 0);
    return last !== 0 ? last < 0 : a.id < b.id;
  }

  #heldBy(runId: string): number {
    const own = [...this.#granted.values()].filter((ticket) => ticket.runId === runId);
    return own.flatMap(({ needs }) => needs).reduce((sum, { streams }) => sum + streams, 0);
  }

  #streamsThrottle({ host, streams }: HostNeed): Throttle | undefined {
    const { maxStreams } = host.limits;
    if (maxStreams === undefined) return undefined;
    const needs = [...this.#granted.values()].flatMap((ticket) => ticket.needs);
    const used = needs
      .filter((need) => need.host.id === host.id)
      .reduce((sum, need) => sum + need.streams, 0);
    if (used + streams <= maxStreams) return undefined;
    return { host: host.name, kind: 'streams', message: `${used} of ${maxStreams} statements run` };
  }

  #rateThrottle({ host }: HostNeed, nowMs: number): Throttle | undefined {
    const limits = { rows: host.limits.maxRowsPerSecond, bytes: host.limits.maxBytesPerSecond };
    for (const rate of ['rows', 'bytes'] as const) {
      const perSecond = limits[rate];
      if (perSecond === undefined) continue;
      const bucket = this.#bucket(`${rate} ${host.id}`, { perSecond, nowMs });
      if (bucket.waitMs(perSecond, nowMs) === 0) continue;
      return { host: host.name, kind: rate, message: rateText(rate, perSecond, bucket.debt) };
    }
    return undefined;
  }

  #bucket(name: string, fresh: { readonly perSecond: number; readonly nowMs: number }): RateBucket {
    const bucket = this.#buckets.get(name) ?? new RateBucket(fresh.perSecond, fresh.nowMs);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** Bounded: a run that is forgotten counts as one that was never admitted. */
  #remember(runId: string): void {
    if (this.#lastOfRun.size > RUNS_MAX) this.#lastOfRun.clear();
    this.#lastOfRun.set(runId, this.#grants);
  }
}

const RUNS_MAX = 1000;

export function rateText(rate: Rate, perSecond: number, debt: number): string {
  return `${debt} ${rate} were read beyond ${perSecond} a second`;
}

function sharesHost(a: Ticket, b: Ticket): boolean {
  return a.needs.some(({ host }) => b.needs.some((need) => need.host.id === host.id));
}
