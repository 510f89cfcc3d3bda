/**
 * What is told of an outage of Redis: a line when it begins, one a minute, one when it ends. It hears all connections
 * of a process, because each of them, and each queue on them, tells every try of its own.
 */
import { type Clock, isOfLedger, isTransient } from '@rowparity/contracts';
import { OutageLog } from '@rowparity/core';
import { redisFault } from './redisFault.ts';

/** A log of the process. */
export interface OutageLines {
  warn(fields: { readonly err: unknown }, message: string): void;
  info(message: string): void;
}

export class RedisOutage {
  readonly #log: OutageLines;
  readonly #outage: OutageLog<unknown>;
  /** Connections that had an error and have not answered since. */
  readonly #troubled = new Set<symbol>();

  constructor(log: OutageLines, clock: Pick<Clock, 'steadyNow'>) {
    this.#log = log;
    const tellTrouble = (err: unknown, leftOut: string) =>
      log.warn({ err }, `Redis does not answer; it is asked again until it does${leftOut}`);
    const tellEnd = (seconds: number, leftOut: string) =>
      log.info(`Redis answers again, after ${seconds} s${leftOut}`);
    this.#outage = new OutageLog({ tellTrouble, tellEnd }, clock);
  }

  /** For one connection. */
  connection(): { readonly onError: (error: Error) => void; readonly onReady: () => void } {
    const id = Symbol('connection');
    return {
      onError: (error) => {
        this.#troubled.add(id);
        this.#outage.hear(error);
      },
      onReady: () => {
        this.#troubled.delete(id);
        if (this.#troubled.size === 0) this.#outage.over();
      },
    };
  }

  /** An error of something that uses a connection: told, unless it only says once more that Redis is away. */
  tell(err: unknown, message: string): void {
    if (this.#troubled.size > 0 && isTransient(redisFault(err))) this.#outage.hear(err);
    else this.#log.warn({ err }, message);
  }

  /** A log that leaves out warnings of the ledger's faults while Redis is away: they count as lines of the outage. */
  quieted<L extends OutageLines>(log: L): L {
    const warn = (fields: { readonly err: unknown }, message: string): void => {
      const isOld = this.#troubled.size > 0 && isOfLedger(fields.err) && isTransient(fields.err);
      if (isOld) this.#outage.hear(fields.err);
      else log.warn(fields, message);
    };
    return Object.create(log, { warn: { value: warn } });
  }
}
