/**
 * Carries every open run forward: plans what is accepted, keeps the shard queue topped up from the ledger, settles
 * what is done. It remembers nothing that the ledger does not know: kill it anywhere, and the next one continues.
 */
import type { RunRecord } from '@rowparity/contracts';
import {
  type Clock,
  Fault,
  failureOf,
  isAllDone,
  type Ledger,
  planRun,
  settleRun,
  verdictOf,
} from '@rowparity/core';
import type { ShardQueue } from '@rowparity/queue';
import type { Log } from '@rowparity/runtime';
import type { Connections } from '../connections.ts';

/** Between two looks at the open runs: a shard takes seconds, and one look costs a few commands of Redis. */
const TICK_MS = 250;
/** Between two searches for open shards that lost their job. */
const RECONCILE_MS = 10_000;

export interface SupervisorParts {
  readonly ledger: Ledger;
  readonly shardQueue: ShardQueue;
  readonly connections: Pick<Connections, 'catalog'>;
  readonly clock: Clock;
  readonly log: Log;
}

export class Supervisor {
  readonly #parts: SupervisorParts;
  readonly #stop = new AbortController();
  /** Plannings and settlings under way. */
  readonly #beside = new Map<string, Promise<void>>();
  readonly #reconciledAtMs = new Map<string, number>();
  #loop: Promise<void> | undefined;
  #lastTickAtMs = 0;

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('The coordinator is stopping.'));
    await this.#loop;
    await Promise.all(this.#beside.values());
  }

  /** Time since the last look that succeeded, in milliseconds. */
  get silentMs(): number {
    return this.#parts.clock.now() - this.#lastTickAtMs;
  }

  /** Resolves when the run is settled. */
  async untilSettled(runId: string, signal: AbortSignal): Promise<RunRecord> {
    for (;;) {
      const run = await this.#parts.ledger.getRun(runId);
      if (run?.state === 'settled') return run;
      await this.#parts.clock.sleep(TICK_MS, signal);
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        for (const runId of await this.#parts.ledger.openRuns()) await this.#advance(runId);
        this.#lastTickAtMs = this.#parts.clock.now();
      } catch (error) {
        if (!signal.aborted) this.#parts.log.warn({ err: error }, 'the ledger does not answer; trying again');
      }
      await this.#parts.clock.sleep(TICK_MS, signal).catch(() => undefined);
    }
  }

  async #advance(runId: string): Promise<void> {
    const run = await this.#parts.ledger.getRun(runId);
    if (!run) return;
    if (run.cancelRequested) return this.#cancel(run);
    switch (run.state) {
      case 'accepted':
      case 'planning':
        return this.#doBeside(run, () => this.#planNow(run));
      case 'running':
        return this.#carry(run);
      case 'settled':
        return;
    }
  }

  /** One step a run at a time, beside the loop: a slow server must not hold up the other runs. */
  #doBeside({ runId }: RunRecord, step: () => Promise<void>): void {
    if (this.#beside.has(runId)) return;
    const doing = step()
      // The ledger could not even take the refusal: the run stays open, and the next look tries again.
      .catch((error: unknown) => this.#parts.log.warn({ runId, err: error }, 'the ledger does not answer'))
      .finally(() => this.#beside.delete(runId));
    this.#beside.set(runId, doing);
  }

  async #planNow(run: RunRecord): Promise<void> {
    const { ledger, clock, connections, log } = this.#parts;
    const startedAtMs = clock.now();
    try {
      await planRun(run, { ledger, clock, catalog: (ref) => connections.catalog(ref) }, this.#stop.signal);
      log.info({ runId: run.runId, ms: clock.now() - startedAtMs }, 'planned');
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      log.error({ runId: run.runId, err: error }, 'cannot plan');
      if (error instanceof Fault && isOfLedger(error)) return;
      await ledger.settle(run.runId, 'inconclusive', failureOf(error), clock.now());
    }
  }

  async #carry(run: RunRecord): Promise<void> {
    const { ledger, shardQueue } = this.#parts;
    const { runId } = run;
    const totals = await ledger.totals(runId);
    if (isAllDone(run, totals)) return this.#doBeside(run, () => this.#settleNow(run));
    const opened = await ledger.openShards(runId, run.spec.shard.window);
    if (opened.length > 0) await shardQueue.add(runId, opened);
    await this.#reconcile(runId);
  }

  /** An open shard without a job: its job was lost with a crash between ledger and queue, or used up its tries. */
  async #reconcile(runId: string): Promise<void> {
    const { ledger, shardQueue, clock } = this.#parts;
    const last = this.#reconciledAtMs.get(runId);
    if (last !== undefined && clock.now() - last < RECONCILE_MS) return;
    this.#reconciledAtMs.set(runId, clock.now());
    const open = await ledger.listOpenShards(runId);
    await shardQueue.add(runId, await shardQueue.missing(runId, open));
  }

  async #settleNow(run: RunRecord): Promise<void> {
    const { ledger, clock, connections, log } = this.#parts;
    const { signal } = this.#stop;
    const ports = { ledger, clock, catalog: (ref: string) => connections.catalog(ref) };
    const verdict = await settleRun(run, ports, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    this.#reconciledAtMs.delete(run.runId);
    if (verdict) log.info({ runId: run.runId, verdict }, 'settled');
  }

  async #cancel(run: RunRecord): Promise<void> {
    const { ledger, shardQueue, clock, log } = this.#parts;
    await shardQueue.remove(run.runId, await ledger.listOpenShards(run.runId));
    const verdict = verdictOf(run, await ledger.totals(run.runId));
    const message = 'The run was cancelled before every shard was done.';
    const failure = { code: 'RUN_CANCELLED' as const, message };
    const isFirst = await ledger.settle(run.runId, verdict, failure, clock.now());
    this.#reconciledAtMs.delete(run.runId);
    if (isFirst) log.info({ runId: run.runId, verdict }, 'settled');
  }
}

/** A fault of Redis while planning is no reason to give the run up: the next look tries again. */
function isOfLedger(fault: Fault): boolean {
  return fault.class === 'transient' && /redis/i.test(fault.message);
}
