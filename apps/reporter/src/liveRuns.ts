/**
 * Viewers of runs. The ledger is read once for all viewers of a run, and only while there is one; each viewer is sent
 * the report, and then what changed of it. A viewer that falls behind gets the whole report again: nothing is queued.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { changeOf, type RunReport, VIEWERS_MAX } from '@rowparity/contracts';
import { isUnreadable } from '@rowparity/core';

/** People see a second as now. */
const POLL_MS = 1000;
/** Of a run that takes long to read, reading takes a fifth of the time. */
const REST_SHARE = 4;
/** Proxies end a connection that is silent for a minute. */
const SILENCE_MS_MAX = 15_000;
const TROUBLE = 'The ledger does not answer. The page shows what was known before, and goes on by itself.';

export type ReadReport = (runId: string) => Promise<RunReport | undefined>;

export interface LiveOptions {
  readonly pollMs?: number;
  readonly viewersMax?: number;
}

export class LiveRuns {
  readonly #read: ReadReport;
  readonly #pollMs: number;
  readonly #viewersMax: number;
  readonly #runs = new Map<string, LiveRun>();
  #viewers = 0;

  constructor(read: ReadReport, { pollMs = POLL_MS, viewersMax = VIEWERS_MAX }: LiveOptions = {}) {
    this.#read = read;
    this.#pollMs = pollMs;
    this.#viewersMax = viewersMax;
  }

  get isFull(): boolean {
    return this.#viewers >= this.#viewersMax;
  }

  /** The text of the stream; it ends with the run, or when `signal` says that the viewer has gone. */
  async *view(runId: string, first: RunReport, signal: AbortSignal): AsyncGenerator<string> {
    this.#viewers += 1;
    const run = this.#runs.get(runId) ?? new LiveRun(first);
    this.#runs.set(runId, run);
    run.viewers += 1;
    if (run.viewers === 1) void this.#follow(runId, run);
    try {
      yield* run.texts(signal);
    } finally {
      this.#viewers -= 1;
      run.viewers -= 1;
      if (run.viewers === 0) this.#forget(runId, run);
    }
  }

  #forget(runId: string, run: LiveRun): void {
    if (this.#runs.get(runId) === run) this.#runs.delete(runId);
  }

  /** Reads while there are viewers; the next one after the last begins anew. */
  async #follow(runId: string, run: LiveRun): Promise<void> {
    let restMs = this.#pollMs;
    while (!run.isOver) {
      await sleep(restMs, undefined, { ref: false });
      if (run.viewers === 0) return;
      const begin = performance.now();
      try {
        run.show(await this.#read(runId));
      } catch (error) {
        run.trouble(isUnreadable(error) ? (error as Error).message : TROUBLE);
      }
      restMs = Math.max(this.#pollMs, REST_SHARE * (performance.now() - begin));
    }
    this.#forget(runId, run);
  }
}

/** One state after the other. Each has its number, so that a viewer knows what it has missed. */
class LiveRun {
  viewers = 0;
  #number = 1;
  #report: RunReport;
  /** From the state before; undefined when it must be told whole. */
  #change: string | undefined;
  #end: 'settled' | 'gone' | undefined;
  #trouble: string | undefined;
  #news = Promise.withResolvers<void>();

  constructor(report: RunReport) {
    this.#report = report;
    if (report.state === 'settled') this.#end = 'settled';
  }

  get isOver(): boolean {
    return this.#end !== undefined;
  }

  show(report: RunReport | undefined): void {
    const hadTrouble = this.#trouble !== undefined;
    this.#trouble = undefined;
    if (!report || report.createdAt !== this.#report.createdAt) this.#end = 'gone';
    else {
      const change = changeOf(this.#report, report);
      if (report.state === 'settled') this.#end = 'settled';
      if (change === null && !hadTrouble && !this.#end) return;
      const isWhole = hadTrouble || change === null || report.tables.length !== this.#report.tables.length;
      this.#change = isWhole ? undefined : eventText('change', change);
      this.#report = report;
    }
    this.#tell();
  }

  trouble(message: string): void {
    if (this.#trouble === message) return;
    this.#trouble = message;
    this.#tell();
  }

  async *texts(signal: AbortSignal): AsyncGenerator<string> {
    let seen = 0;
    while (!signal.aborted) {
      if (seen < this.#number) {
        const isNext = seen === this.#number - 1;
        seen = this.#number;
        yield this.#text(isNext);
        continue;
      }
      if (this.#end) return;
      if (!(await this.#waited(signal))) yield ': still here\n\n';
    }
  }

  #text(isNext: boolean): string {
    if (this.#trouble !== undefined) return eventText('trouble', { message: this.#trouble });
    if (this.#end === 'gone') return eventText('gone', {});
    return isNext && this.#change ? this.#change : eventText('report', this.#report);
  }

  #tell(): void {
    this.#number += 1;
    const { resolve } = this.#news;
    this.#news = Promise.withResolvers<void>();
    resolve();
  }

  /** False: there was no news for a while. */
  async #waited(signal: AbortSignal): Promise<boolean> {
    const done = new AbortController();
    const either = AbortSignal.any([signal, done.signal]);
    const silence = sleep(SILENCE_MS_MAX, false, { signal: either, ref: false }).catch(() => true);
    const isNews = await Promise.race([this.#news.promise.then(() => true), silence]);
    done.abort();
    return isNews;
  }
}

function eventText(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
