/** The client of the two services, for orchestrators. Every call may be repeated with the same effect. */
import {
  COORDINATOR_ROUTES,
  type DryRunAnswer,
  type GateAnswer,
  type HttpDocument,
  type HttpQuestion,
  type HttpRoute,
  type KnownAnswer,
  REPORTER_ROUTES,
  type RecheckOrder,
  type RerunOrder,
  type RunReport,
  type RunSpecInput,
  type RunsAnswer,
  type WatchAnswer,
  type WatchSpecInput,
  type WholeRunAnswer,
} from '@rowparity/contracts';
import { type AskOptions, askRoute, type CallOptions, streamRoute } from './askRoute.ts';
import type { Place } from './exchange.ts';
import { MigrationCalls } from './migrationCalls.ts';
import { RowparityError } from './rowparityError.ts';
import { type WaitOptions, waitUntilSettled } from './waitUntilSettled.ts';

/** A service that restarts, or a coordinator that is replaced, is back well before. */
const DEADLINE_MS = 120_000;
/** An answer costs a few reads. */
const ATTEMPT_MS = 30_000;
/** Longer than a coordinator takes for a dry run. */
const DRY_RUN_MS = 150_000;

export interface ClientOptions {
  /** Address of the coordinator; without it no run can be ordered. */
  readonly coordinator?: string;
  /** Address of the reporter; without it there are no reports. */
  readonly reporter?: string;
  readonly token?: string | undefined;
  /** Of a call that names none, with all its attempts, in milliseconds. Default two minutes. */
  readonly deadlineMs?: number;
  /** Of one attempt, in milliseconds. Default 30 s. */
  readonly attemptMs?: number;
  /** Told of each transient fault before the next attempt. */
  readonly onTransient?: (error: RowparityError) => void;
}

export class RowparityClient {
  readonly migrations: MigrationCalls;
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.migrations = new MigrationCalls(this);
  }

  /** Orders a run. The same spec again is the same run; another spec of its id is `run_exists`. */
  async submit(spec: RunSpecInput, options?: CallOptions): Promise<WholeRunAnswer> {
    const answer = await this.askCoordinator(COORDINATOR_ROUTES.submitRun, { body: spec }, options);
    if ('dryRun' in answer) throw otherKind('a dry run');
    return answer;
  }

  /** What the spec would compare. No run is made, and no row is read; many tables take a while. */
  async dryRun(spec: RunSpecInput, options: CallOptions = {}): Promise<DryRunAnswer> {
    const question = { body: spec, query: { dryRun: 'true' } } as const;
    const patient = { attemptMs: DRY_RUN_MS, deadlineMs: DRY_RUN_MS, ...options };
    const answer = await this.askCoordinator(COORDINATOR_ROUTES.submitRun, question, patient);
    if (!('dryRun' in answer)) throw otherKind('a run');
    return answer;
  }

  /** Where a run stands; `run_unknown` when there is none. */
  get(runId: string, options?: CallOptions): Promise<WholeRunAnswer> {
    return this.askCoordinator(COORDINATOR_ROUTES.getRun, { params: { id: runId } }, options);
  }

  /** A page of runs, the newest first; `next` is the cursor of the page behind it. */
  list(
    query: HttpQuestion<typeof COORDINATOR_ROUTES.listRuns>['query'] = {},
    options?: CallOptions,
  ): Promise<RunsAnswer> {
    return this.askCoordinator(COORDINATOR_ROUTES.listRuns, { query }, options);
  }

  /** Workers let go of the run, and it keeps what it has; `run_settled` and `run_cancelled` when it is over. */
  pause(runId: string, options?: CallOptions): Promise<WholeRunAnswer> {
    return this.askCoordinator(COORDINATOR_ROUTES.pauseRun, { params: { id: runId } }, options);
  }

  resume(runId: string, options?: CallOptions): Promise<WholeRunAnswer> {
    return this.askCoordinator(COORDINATOR_ROUTES.resumeRun, { params: { id: runId } }, options);
  }

  /** Compares a part of a settled run anew, as a new run that inherits the other shards. */
  rerun(runId: string, order: RerunOrder, options?: CallOptions): Promise<WholeRunAnswer> {
    const question = { params: { id: runId }, body: order };
    return this.askCoordinator(COORDINATOR_ROUTES.rerunRun, question, options);
  }

  /** Looks at the known differences of a settled run again, as a new run that reads nothing else. */
  recheck(runId: string, order: RecheckOrder, options?: CallOptions): Promise<WholeRunAnswer> {
    const question = { params: { id: runId }, body: order };
    return this.askCoordinator(COORDINATOR_ROUTES.recheckRun, question, options);
  }

  /** May a migration go on after this run, with every reason why not. */
  gate(
    runId: string,
    query: HttpQuestion<typeof REPORTER_ROUTES.getGate>['query'] = {},
    options?: CallOptions,
  ): Promise<GateAnswer> {
    return this.askReporter(REPORTER_ROUTES.getGate, { params: { id: runId }, query }, options);
  }

  /** A page of the confirmed differences that are kept with a run; `next` is the cursor of the page behind it. */
  known(
    runId: string,
    query: HttpQuestion<typeof REPORTER_ROUTES.getKnown>['query'] = {},
    options?: CallOptions,
  ): Promise<KnownAnswer> {
    return this.askReporter(REPORTER_ROUTES.getKnown, { params: { id: runId }, query }, options);
  }

  /** Begins a watch, or goes on with one of the same spec that was stopped; `watch_exists` for another spec. */
  putWatch(watchId: string, spec: WatchSpecInput, options?: CallOptions): Promise<WatchAnswer> {
    const question = { params: { id: watchId }, body: spec };
    return this.askCoordinator(COORDINATOR_ROUTES.putWatch, question, options);
  }

  /** Where a watch stands, with its last generation; `watch_unknown` when there is none. */
  watch(watchId: string, options?: CallOptions): Promise<WatchAnswer> {
    return this.askCoordinator(COORDINATOR_ROUTES.getWatch, { params: { id: watchId } }, options);
  }

  async watches(options?: CallOptions): Promise<readonly WatchAnswer[]> {
    return (await this.askCoordinator(COORDINATOR_ROUTES.listWatches, {}, options)).watches;
  }

  /** No further generation begins; the one that runs goes on to its verdict. */
  stopWatch(watchId: string, options?: CallOptions): Promise<WatchAnswer> {
    return this.askCoordinator(COORDINATOR_ROUTES.stopWatch, { params: { id: watchId } }, options);
  }

  /** A run that is settled stays as it is. */
  cancel(runId: string, options?: CallOptions): Promise<WholeRunAnswer> {
    return this.askCoordinator(COORDINATOR_ROUTES.cancelRun, { params: { id: runId } }, options);
  }

  /** Forgets a settled run; `run_open` before. */
  async delete(runId: string, options?: CallOptions): Promise<void> {
    await this.askCoordinator(COORDINATOR_ROUTES.deleteRun, { params: { id: runId } }, options);
  }

  report(runId: string, options?: CallOptions): Promise<RunReport> {
    return this.askReporter(REPORTER_ROUTES.getReport, { params: { id: runId } }, options);
  }

  /** The settled report. Reports are asked for again and again; an outage of the reporter is sat out. */
  waitUntilSettled(runId: string, options: WaitOptions = {}): Promise<RunReport> {
    return waitUntilSettled((call) => this.report(runId, call), options);
  }

  /** The parts of the certificate of a settled run; `run_not_settled` before. They are not held. */
  async certificate(runId: string, options: CallOptions = {}): Promise<AsyncIterable<Uint8Array>> {
    const question = { params: { id: runId } };
    const asked = { place: this.#place('reporter'), route: REPORTER_ROUTES.getCertificate, question };
    return streamRoute(asked, this.#limits(options));
  }

  /** Any route of the coordinator. */
  async askCoordinator<Route extends HttpRoute>(
    route: Route,
    question: HttpQuestion<Route>,
    options: CallOptions = {},
  ): Promise<HttpDocument<Route>> {
    return askRoute({ place: this.#place('coordinator'), route, question }, this.#limits(options));
  }

  /** Any route of the reporter. */
  async askReporter<Route extends HttpRoute>(
    route: Route,
    question: HttpQuestion<Route>,
    options: CallOptions = {},
  ): Promise<HttpDocument<Route>> {
    return askRoute({ place: this.#place('reporter'), route, question }, this.#limits(options));
  }

  #place(service: Place['service']): Place {
    const { [service]: base, token } = this.#options;
    if (base !== undefined) return { service, base, token };
    const message = `The client was given no address of the ${service}: name it in "${service}".`;
    throw new RowparityError({ code: 'bad_address', message });
  }

  #limits(options: CallOptions): AskOptions {
    const { deadlineMs = DEADLINE_MS, attemptMs = ATTEMPT_MS, onTransient } = this.#options;
    return { deadlineMs, attemptMs, onTransient, ...options };
  }
}

function otherKind(found: string): RowparityError {
  const message = `The coordinator answered with ${found}, which was not asked for. Use the client of its version.`;
  return new RowparityError({ code: 'unexpected_answer', message });
}
