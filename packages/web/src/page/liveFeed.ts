/**
 * Follows a run over the stream of its reporter until it is settled. A stream that breaks off or falls silent is opened
 * again, for as long as the page is open: the reporter sends the whole report first, so nothing is missed.
 */
import type { LiveChange, LiveTrouble, RunReport } from '@rowparity/contracts';
import { ask, askJson, Refused, TokenNeeded } from './asking.ts';
import { changedReport } from './changedReport.ts';
import { EventStream, type ServerEvent } from './eventStream.ts';

/** `live`: news come as they happen. `slow`: the report is asked for now and then. `lost`: trying again. */
export type Link = 'opening' | 'live' | 'slow' | 'lost' | 'ended';

export interface FeedListener {
  onReport(report: RunReport): void;
  onLink(link: Link, message?: string): void;
  /** The feed has stopped: a token is needed, or there is no such run. */
  onStop(error: Error): void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
/** The reporter says at least every 15 s that it is there. */
const SILENCE_MS_MAX = 40_000;
const SLOW_MS = 10_000;
const TOO_MANY = 429;

/** Returns what stops it. */
export function followRun(runId: string, listener: FeedListener): () => void {
  const stopped = new AbortController();
  void new Feed(runId, listener, stopped.signal).run();
  return () => stopped.abort();
}

class Feed {
  readonly #path: string;
  readonly #listener: FeedListener;
  readonly #stopped: AbortSignal;
  #report: RunReport | undefined;

  constructor(runId: string, listener: FeedListener, stopped: AbortSignal) {
    this.#path = `/v1/runs/${encodeURIComponent(runId)}`;
    this.#listener = listener;
    this.#stopped = stopped;
  }

  async run(): Promise<void> {
    let waitMs = FIRST_WAIT_MS;
    while (!this.#stopped.aborted) {
      let isSlow = false;
      try {
        await this.#stream(() => {
          waitMs = FIRST_WAIT_MS;
        });
      } catch (error) {
        if (this.#stopped.aborted) return;
        if (error instanceof Refused && error.status === TOO_MANY) isSlow = await this.#askOnce();
        else if (isFinal(error)) return this.#listener.onStop(error);
      }
      if (this.#report?.state === 'settled') return this.#listener.onLink('ended');
      if (this.#stopped.aborted) return;
      if (!isSlow) this.#listener.onLink('lost');
      await sleep(waitMs, this.#stopped);
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
    }
  }

  async #stream(onFirst: () => void): Promise<void> {
    const broken = new AbortController();
    const response = await ask(`${this.#path}/live`, AbortSignal.any([this.#stopped, broken.signal]));
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const events = new EventStream();
    while (reader) {
      const silence = setTimeout(() => broken.abort(), SILENCE_MS_MAX);
      const { done, value } = await reader.read().finally(() => clearTimeout(silence));
      if (done) return;
      onFirst();
      for (const event of events.push(value)) this.#take(event);
    }
  }

  #take({ name, data }: ServerEvent): void {
    switch (name) {
      case 'report':
        this.#show(JSON.parse(data) as RunReport);
        break;
      case 'change':
        if (this.#report) this.#show(changedReport(this.#report, JSON.parse(data) as LiveChange));
        break;
      case 'trouble':
        this.#listener.onLink('lost', (JSON.parse(data) as LiveTrouble).message);
        break;
      case 'gone':
        throw new Refused(404, 'The run was deleted.');
    }
  }

  #show(report: RunReport, link: Link = 'live'): void {
    this.#report = report;
    this.#listener.onReport(report);
    this.#listener.onLink(report.state === 'settled' ? 'ended' : link);
  }

  /** The reporter has as many streams as it takes. False: it did not answer. */
  async #askOnce(): Promise<boolean> {
    try {
      this.#show(await askJson<RunReport>(`${this.#path}/report`, this.#stopped), 'slow');
      await sleep(SLOW_MS, this.#stopped);
      return true;
    } catch {
      // The next attempt finds what is wrong.
      return false;
    }
  }
}

function isFinal(error: unknown): error is Error {
  if (error instanceof TokenNeeded) return true;
  return error instanceof Refused && error.status >= 400 && error.status < 500 && error.status !== TOO_MANY;
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
