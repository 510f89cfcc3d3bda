/**
 * Drives the life of every open run (`nextStep`, `takeStep` in core): a timer, the lease that one coordinator holds at
 * a time, and the queue that takes opened shards to the workers. It keeps no state of its own: after a crash anywhere,
 * the next coordinator continues from the ledger. If a coordinator without the lease still writes, the ledger refuses
 * the write, or the holder would have written the same.
 */
import { type Clock, Fault, isOfLedger, isTransient, type RunHeader } from '@rowparity/contracts';
import {
  type AdvanceDeps,
  type Advanced,
  isSlow,
  type LedgerReadings,
  nextStep,
  type PlanningDeps,
  type PlanStore,
  type RunStore,
  type Step,
  takeStep,
  type WatchStore,
} from '@rowparity/core';
import type { Lease, ShardQueue } from '@rowparity/redis';
import type { Log } from '@rowparity/runtime';
import type { RunSpans } from '../tracing/runSpans.ts';
import { Watches } from './watches.ts';

/** Between two looks at the open runs: a shard takes seconds, and one look costs a few commands of Redis. */
const TICK_MS = 250;
/** The next look comes so soon where half of a window went since the last one: its shards have few rows. */
const HURRIED_MS = 40;
/** Between two searches for open shards that lost their job. */
const RECONCILE_MS = 10_000;
/** How often a blocked run is logged, and how many of them are remembered. */
const TELL_AGAIN_MS = 60_000;
const TOLD_MAX = 1000;

export interface SupervisorDeps {
  readonly lease: Pick<Lease, 'term'>;
  readonly ledger: RunStore & PlanStore & LedgerReadings & WatchStore;
  readonly shardQueue: ShardQueue;
  readonly catalog: PlanningDeps['catalog'];
  readonly clock: Clock;
  readonly log: Log;
  /** Absent where tracing is off. */
  readonly spans?: Pick<RunSpans, 'step'> | undefined;
}

export class Supervisor {
  readonly #deps: SupervisorDeps;
  readonly #advanceDeps: AdvanceDeps;
  readonly #watches: Watches;
  readonly #stop = new AbortController();
  /** Slow steps in flight, by run. */
  readonly #inFlight = new Map<string, { readonly ended: Promise<void>; readonly stop: AbortController }>();
  /** Paused runs, by when their jobs were taken off the queue last. */
  readonly #withdrawnAtMs = new Map<string, number>();
  readonly #reconciledAtMs = new Map<string, number>();
  readonly #toldAtMs = new Map<string, number>();
  #loop: Promise<void> | undefined;
  #lastTickAtMs = 0;
  /** Of the last look. */
  #isHurried = false;

  constructor(deps: SupervisorDeps) {
    this.#deps = deps;
    this.#watches = new Watches(deps);
    const { ledger, clock, catalog, shardQueue } = deps;
    this.#advanceDeps = {
      ...{ ledger, clock, catalog },
      // A ledger that is away during planning does not end the run.
      isLeftOpen: (error) => isTransient(error) && isOfLedger(error),
      withdraw: async (runId, shards) => void (await shardQueue.remove(runId, shards)),
    };
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('The coordinator is stopping.'));
    await this.#loop;
    await Promise.all([...this.#inFlight.values()].map(({ ended }) => ended));
  }

  /**
   * Time since the last look ended. Failed looks count too: a restart of this process would not bring Redis back.
   */
  get silentMs(): number {
    return this.#deps.clock.steadyNow() - this.#lastTickAtMs;
  }

  /** Resolves when the run is settled. */
  async untilSettled(runId: string, signal: AbortSignal): Promise<RunHeader> {
    for (;;) {
      // The order may have waited for hours: a short outage of the ledger is no reason to give it up.
      const run = await this.#deps.ledger.getRun(runId).then((found) => found ?? 'lost', unlessTransient);
      if (run === 'lost') throw lostRun(runId);
      if (run?.state === 'settled') return run;
      await this.#deps.clock.sleep(TICK_MS, signal);
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#look();
      } catch (error) {
        if (!signal.aborted) this.#deps.log.warn({ err: error }, 'the ledger does not answer; trying again');
      }
      this.#lastTickAtMs = this.#deps.clock.steadyNow();
      const pauseMs = this.#isHurried ? HURRIED_MS : TICK_MS;
      await this.#deps.clock.sleep(pauseMs, signal).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { lease, ledger } = this.#deps;
    this.#isHurried = false;
    if (!lease.term) return;
    for (const runId of await ledger.openRuns()) {
      await this.#advance(runId).catch((error: unknown) => this.#leaveOut(runId, error));
    }
    if (lease.term) await this.#watches.look();
  }

  /** One run's fault must not delay the others. An outage of the ledger affects all of them. */
  #leaveOut(runId: string, error: unknown): void {
    if (isTransient(error)) throw error;
    const { clock, log } = this.#deps;
    const last = this.#toldAtMs.get(runId);
    if (last !== undefined && clock.steadyNow() - last < TELL_AGAIN_MS) return;
    if (this.#toldAtMs.size >= TOLD_MAX) this.#toldAtMs.clear();
    this.#toldAtMs.set(runId, clock.steadyNow());
    log.error({ runId, err: error }, 'this run cannot continue; the other runs do');
  }

  async #advance(runId: string): Promise<void> {
    const { lease, ledger } = this.#deps;
    const isThorough = this.#isDue(runId);
    const step = await nextStep({ runId, isThorough }, ledger);
    const { term } = lease;
    if (!term) return;
    if (step.kind === 'rest') return this.#rest(runId, step);
    this.#withdrawnAtMs.delete(runId);
    // The plan of a cancelled run must not keep the servers busy.
    if (step.kind === 'cancel') this.#inFlight.get(runId)?.stop.abort(new Error('The run was cancelled.'));
    if (isSlow(step)) this.#takeInBackground(runId, step, term.signal);
    else await this.#takeNow(runId, step);
    if (step.kind === 'open' && isThorough) await this.#reconcile(step.run);
  }

  /** A worker that is told late puts a job back once more, so its jobs are taken off again at intervals. */
  async #rest(runId: string, step: Step): Promise<void> {
    const nowMs = this.#deps.clock.steadyNow();
    const last = this.#withdrawnAtMs.get(runId);
    if (last !== undefined && nowMs - last < RECONCILE_MS) return;
    this.#inFlight.get(runId)?.stop.abort(new Error('The run is paused.'));
    const advanced = await takeStep(step, this.#advanceDeps, this.#stop.signal);
    if (last === undefined && advanced.kind === 'paused') this.#deps.log.info({ runId }, 'paused');
    this.#tell(runId, advanced);
    this.#withdrawnAtMs.set(runId, nowMs);
    // When it is resumed, its open shards get jobs at once.
    this.#reconciledAtMs.delete(runId);
  }

  async #takeNow(runId: string, step: Step): Promise<void> {
    const advanced = await takeStep(step, this.#advanceDeps, this.#stop.signal);
    if (advanced.kind === 'opened') {
      const { run, shards } = advanced;
      this.#isHurried ||= shards.length >= run.window / 2;
      await this.#deps.shardQueue.add(run, shards);
    }
    this.#tell(runId, advanced);
  }

  /** One slow step a run at a time: a slow server must not hold up the other runs. */
  #takeInBackground(runId: string, step: Step, lost: AbortSignal): void {
    if (this.#inFlight.has(runId)) return;
    const { log, clock, spans } = this.#deps;
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, lost, stop.signal]);
    const startedAtMs = clock.steadyNow();
    const take = () => takeStep(step, this.#advanceDeps, signal);
    const ended = (spans ? spans.step(step, take) : take())
      .then((advanced) => this.#tell(runId, advanced, Math.round(clock.steadyNow() - startedAtMs)))
      // The run stays open, and the next look tries again.
      .catch((error: unknown) => {
        if (!signal.aborted)
          log.warn({ runId, step: step.kind, err: error }, 'the step failed; trying again');
      })
      .finally(() => this.#inFlight.delete(runId));
    this.#inFlight.set(runId, { ended, stop });
  }

  #tell(runId: string, advanced: Advanced, ms?: number): void {
    const { log } = this.#deps;
    switch (advanced.kind) {
      case 'planned':
        log.info({ runId, ms }, 'planned');
        break;
      case 'overtaken':
        log.warn({ runId }, 'another coordinator planned this run, or it ended meanwhile');
        break;
      case 'refused':
        log.error({ runId, err: advanced.cause }, 'cannot plan');
        break;
      case 'settled':
        this.#reconciledAtMs.delete(runId);
        log.info({ runId, verdict: advanced.verdict }, 'settled');
        break;
      case 'damaged':
        this.#reconciledAtMs.delete(runId);
        log.error({ runId, damage: advanced.damage }, 'settled: the ledger has lost a part of it');
        break;
      case 'lost':
        log.error({ runId }, 'the ledger has lost the record of an open run; it must be ordered again');
        break;
      case 'paused':
      case 'opened':
      case 'waiting':
      case 'over':
        break;
    }
  }

  /** An open shard without a job: its job was lost with a crash between ledger and queue, or used up its tries. */
  async #reconcile(run: RunHeader): Promise<void> {
    const { runId } = run;
    const { ledger, shardQueue, clock } = this.#deps;
    this.#reconciledAtMs.set(runId, clock.steadyNow());
    const open = await ledger.listOpenShards(runId);
    await shardQueue.add(run, await shardQueue.missing(runId, open));
  }

  #isDue(runId: string): boolean {
    const last = this.#reconciledAtMs.get(runId);
    return last === undefined || this.#deps.clock.steadyNow() - last >= RECONCILE_MS;
  }
}

function lostRun(runId: string): Fault {
  const message = `Run ${runId} is no longer in the ledger: it was deleted, or Redis lost it. Order it again.`;
  return new Fault('permanent', { code: 'RUN_DAMAGED', message });
}

function unlessTransient(error: unknown): undefined {
  if (!isTransient(error)) throw error;
}
