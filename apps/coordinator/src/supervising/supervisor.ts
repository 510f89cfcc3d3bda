/**
 * Carries every open run forward: plans what is accepted, keeps the shard queue topped up from the ledger, settles
 * what is done. It remembers nothing that the ledger does not know: kill it anywhere, and the next one continues. Of
 * several, only the one that holds the lease does anything; what an earlier one still writes, the ledger refuses or
 * would have been written by the next one just so.
 */
import type { RunHeader } from '@rowparity/contracts';
import {
  type Clock,
  endIfDamaged,
  Fault,
  failureOf,
  isDrained,
  isTransient,
  type LedgerReadings,
  type Planning,
  type PlanningPorts,
  type PlanStore,
  planRun,
  type RunStore,
  settleRun,
  verdictOfEnded,
} from '@rowparity/core';
import type { Lease, ShardQueue } from '@rowparity/queue';
import type { Log } from '@rowparity/runtime';

/** Between two looks at the open runs: a shard takes seconds, and one look costs a few commands of Redis. */
const TICK_MS = 250;
/** Between two searches for open shards that lost their job. */
const RECONCILE_MS = 10_000;
/** A run that cannot be carried on is told of so often, and so many are remembered. */
const TELL_AGAIN_MS = 60_000;
const TOLD_MAX = 1000;

export interface SupervisorParts {
  readonly lease: Pick<Lease, 'term'>;
  readonly ledger: RunStore & PlanStore & LedgerReadings;
  readonly shardQueue: ShardQueue;
  readonly catalog: PlanningPorts['catalog'];
  readonly clock: Clock;
  readonly log: Log;
}

export class Supervisor {
  readonly #parts: SupervisorParts;
  readonly #stop = new AbortController();
  /** Plannings and settlings under way. */
  readonly #beside = new Map<string, Promise<void>>();
  readonly #reconciledAtMs = new Map<string, number>();
  readonly #toldAtMs = new Map<string, number>();
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

  /** Time since the last look came to an end, be it a fault: a Redis that is away is not mended by a restart of ours. */
  get silentMs(): number {
    return this.#parts.clock.steadyNow() - this.#lastTickAtMs;
  }

  /** Resolves when the run is settled. */
  async untilSettled(runId: string, signal: AbortSignal): Promise<RunHeader> {
    for (;;) {
      // The order has waited for hours, maybe: a ledger that is away for a moment is no reason to give it up.
      const run = await this.#parts.ledger.getRun(runId).then((found) => found ?? 'lost', unlessTransient);
      if (run === 'lost') throw lostRun(runId);
      if (run?.state === 'settled') return run;
      await this.#parts.clock.sleep(TICK_MS, signal);
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#look();
      } catch (error) {
        if (!signal.aborted) this.#parts.log.warn({ err: error }, 'the ledger does not answer; trying again');
      }
      this.#lastTickAtMs = this.#parts.clock.steadyNow();
      await this.#parts.clock.sleep(TICK_MS, signal).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { lease, ledger } = this.#parts;
    if (!lease.term) return;
    for (const runId of await ledger.openRuns()) {
      await this.#advance(runId).catch((error: unknown) => this.#leaveOut(runId, error));
    }
  }

  /** One run's fault must not keep the others waiting. A ledger that is away strikes them all. */
  #leaveOut(runId: string, error: unknown): void {
    if (isTransient(error)) throw error;
    const { clock, log } = this.#parts;
    const last = this.#toldAtMs.get(runId);
    if (last !== undefined && clock.steadyNow() - last < TELL_AGAIN_MS) return;
    if (this.#toldAtMs.size >= TOLD_MAX) this.#toldAtMs.clear();
    this.#toldAtMs.set(runId, clock.steadyNow());
    log.error({ runId, err: error }, 'this run cannot be carried on; the others are');
  }

  async #advance(runId: string): Promise<void> {
    const { lease, ledger } = this.#parts;
    const run = await ledger.getRun(runId);
    const { term } = lease;
    if (!term) return;
    if (!run) return this.#forget(runId);
    if (run.cancelRequested) return this.#orEndDamaged(run, () => this.#cancel(run));
    switch (run.state) {
      case 'accepted':
      case 'planning':
        return this.#doBeside(run, term.signal, (signal) => this.#planNow(run, signal));
      case 'running':
        return this.#orEndDamaged(run, () => this.#carry(run, term.signal));
      case 'settled':
        return;
    }
  }

  /** Its record is gone, and with it whatever could be carried on. */
  async #forget(runId: string): Promise<void> {
    const { ledger, log } = this.#parts;
    if ((await ledger.deleteRun(runId)) !== 'unknown') return;
    log.error({ runId }, 'the ledger has lost the record of an open run; it must be ordered again');
  }

  /** A part of the run that holds something else makes every step fail: then the run is ended, with what is wrong. */
  async #orEndDamaged(run: RunHeader, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'RUN_UNREADABLE') throw error;
      if (!(await this.#isEnded(run))) throw error;
    }
  }

  async #isEnded({ runId }: RunHeader): Promise<boolean> {
    const damage = await endIfDamaged({ runId }, this.#parts);
    if (damage.length > 0)
      this.#parts.log.error({ runId, damage }, 'settled: the ledger has lost a part of it');
    return damage.length > 0;
  }

  /** One step a run at a time, beside the loop: a slow server must not hold up the other runs. */
  #doBeside({ runId }: RunHeader, lost: AbortSignal, step: (signal: AbortSignal) => Promise<void>): void {
    if (this.#beside.has(runId)) return;
    const doing = step(AbortSignal.any([this.#stop.signal, lost]))
      // The ledger could not even take the refusal: the run stays open, and the next look tries again.
      .catch((error: unknown) => this.#parts.log.warn({ runId, err: error }, 'the ledger does not answer'))
      .finally(() => this.#beside.delete(runId));
    this.#beside.set(runId, doing);
  }

  async #planNow(run: RunHeader, signal: AbortSignal): Promise<void> {
    const { ledger, clock, catalog, log } = this.#parts;
    const { runId } = run;
    const startedAtMs = clock.steadyNow();
    const planning = await ledger.beginPlanning(runId);
    try {
      const { kind } = await planRun({ run, planning }, { ledger, clock, catalog }, signal);
      if (kind === 'written') log.info({ runId, ms: Math.round(clock.steadyNow() - startedAtMs) }, 'planned');
      else log.warn({ runId, kind }, 'somebody else planned this run, or ended it');
    } catch (error) {
      if (!signal.aborted) await this.#refuse(planning, error);
    }
  }

  /** A fault of the ledger while planning is no reason to give the run up: the next look tries again. */
  async #refuse(planning: Planning, error: unknown): Promise<void> {
    const { ledger, clock, log } = this.#parts;
    log.error({ runId: planning.runId, err: error }, 'cannot plan');
    if (error instanceof Fault && error.class === 'transient' && error.place === 'ledger') return;
    await ledger.refusePlan(planning, failureOf(error), clock.now());
  }

  async #carry(run: RunHeader, lost: AbortSignal): Promise<void> {
    const { ledger, shardQueue } = this.#parts;
    const { runId } = run;
    if (this.#isDue(runId) && (await this.#isEnded(run))) return;
    const sums = await ledger.sums(runId);
    if (isDrained(run, sums)) return this.#doBeside(run, lost, (signal) => this.#settleNow(run, signal));
    const opened = await ledger.openShards(runId, run.window);
    if (opened.length > 0) await shardQueue.add(run, opened);
    await this.#reconcile(run);
  }

  /** An open shard without a job: its job was lost with a crash between ledger and queue, or used up its tries. */
  async #reconcile(run: RunHeader): Promise<void> {
    const { runId } = run;
    const { ledger, shardQueue, clock } = this.#parts;
    if (!this.#isDue(runId)) return;
    this.#reconciledAtMs.set(runId, clock.steadyNow());
    const open = await ledger.listOpenShards(runId);
    await shardQueue.add(run, await shardQueue.missing(runId, open));
  }

  #isDue(runId: string): boolean {
    const last = this.#reconciledAtMs.get(runId);
    return last === undefined || this.#parts.clock.steadyNow() - last >= RECONCILE_MS;
  }

  async #settleNow(run: RunHeader, signal: AbortSignal): Promise<void> {
    const { ledger, clock, catalog, log } = this.#parts;
    const verdict = await settleRun(run, { ledger, clock, catalog }, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    this.#reconciledAtMs.delete(run.runId);
    if (verdict) log.info({ runId: run.runId, verdict }, 'settled');
  }

  async #cancel(run: RunHeader): Promise<void> {
    const { ledger, shardQueue, clock, log } = this.#parts;
    await shardQueue.remove(run.runId, await ledger.listOpenShards(run.runId));
    const verdict = verdictOfEnded(await ledger.sums(run.runId));
    const message = 'The run was cancelled before every shard was done.';
    const failure = { code: 'RUN_CANCELLED' as const, message };
    const isFirst = await ledger.settle(run.runId, { verdict, failure, now: clock.now() });
    this.#reconciledAtMs.delete(run.runId);
    if (isFirst) log.info({ runId: run.runId, verdict }, 'settled');
  }
}

function lostRun(runId: string): Fault {
  const message = `Run ${runId} is not in the ledger any more: somebody deleted it, or Redis lost it. Order it again.`;
  return new Fault('permanent', { code: 'RUN_DAMAGED', message });
}

function unlessTransient(error: unknown): undefined {
  if (!isTransient(error)) throw error;
}
