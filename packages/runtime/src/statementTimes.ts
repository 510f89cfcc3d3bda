/**
 * How long statements took and which faults they ended with, by connection and kind. One form for every process that
 * asks a database, so that one query of Prometheus reads all of them. It never sees a statement or a row.
 */
import { Fault } from '@rowparity/contracts';
import { Counter, Histogram, type Registry } from 'prom-client';

/**
 * `page`: the wait for a page of rows. `points`: rows by their keys. `digest`, `multiset`: digests that the server
 * makes. `changes`: rows by their update time. `fence`: a replication position. `plan`: schemas, estimates and cuts.
 */
export type StatementKind = 'page' | 'points' | 'digest' | 'multiset' | 'changes' | 'fence' | 'plan';

/** Runs a statement and takes its time. */
export type Timed = <T>(statement: () => Promise<T>) => Promise<T>;

/** From an index look-up to the server-side limit of a statement. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export class StatementTimes {
  readonly #seconds: Histogram<'connection' | 'kind'>;
  readonly #faults: Counter<'connection' | 'code'>;

  constructor(registry: Registry) {
    this.#seconds = new Histogram({
      name: 'rowparity_statement_seconds',
      help: 'Time of a statement by connection and kind; of a page, the time that the comparison waited for it',
      labelNames: ['connection', 'kind'],
      buckets: SECONDS,
      registers: [registry],
    });
    this.#faults = new Counter({
      name: 'rowparity_statement_faults_total',
      help: 'Statements that ended with a fault, by its code; most of them are tried again',
      labelNames: ['connection', 'code'],
      registers: [registry],
    });
  }

  /** The labels are looked up once. A statement that was given up counts with the time until then. */
  of(connection: string, kind: StatementKind): Timed {
    const seconds = this.#seconds.labels({ connection, kind });
    return async (statement) => {
      const beginMs = performance.now();
      try {
        return await statement();
      } catch (error) {
        if (error instanceof Fault) this.#faults.inc({ connection, code: error.code });
        throw error;
      } finally {
        seconds.observe((performance.now() - beginMs) / 1000);
      }
    };
  }
}
