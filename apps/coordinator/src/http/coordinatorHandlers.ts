/** The coordinator's answers: takes specs, tells where runs stand, cancels them. */
import { type COORDINATOR_ROUTES, HTTP_DOCUMENTS, type RunSpec } from '@rowparity/contracts';
import {
  type LedgerReadings,
  listedRuns,
  type RunStore,
  readWholeRun,
  type WatchStore,
} from '@rowparity/core';
import type { createMetrics, HttpHandlers, Log } from '@rowparity/runtime';
import type { ServicesDiagnosis } from '../diagnosing/diagnoseServices.ts';
import type { Supervisor } from '../supervising/supervisor.ts';
import { type AcceptDeps, refusedNames } from './acceptSpec.ts';
import { backlogOf } from './backlogOf.ts';
import { controlHandlers } from './controlHandlers.ts';
import { type DryRunDeps, DryRuns } from './dryRun.ts';
import { type MigrationDeps, migrationHandlers } from './migrationHandlers.ts';
import { invalidSpec, submitted, unknownRun } from './ordered.ts';
import { runAnswer, wholeRunAnswer } from './runAnswer.ts';
import { watchHandlers } from './watchHandlers.ts';

/** Without a look at the ledger for this long, the supervisor hangs. */
const SILENCE_MS_MAX = 60_000;

export interface HttpDeps extends AcceptDeps {
  readonly catalog: DryRunDeps['catalog'];
  readonly migrations: MigrationDeps['migrations'];
  readonly ledger: RunStore & LedgerReadings & WatchStore;
  readonly supervisor: Pick<Supervisor, 'silentMs'>;
  readonly diagnosis: Pick<ServicesDiagnosis, 'report'>;
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly log: Log;
}

type Handlers = HttpHandlers<typeof COORDINATOR_ROUTES>;

export function coordinatorHandlers(deps: HttpDeps): Handlers {
  return {
    ...runHandlers(deps),
    ...migrationHandlers(deps),
    ...watchHandlers(deps),
    ...statusHandlers(deps),
  };
}

type OfStatus = 'getBacklog' | 'getDoctor' | 'getOpenApi' | 'getMetrics' | 'isAlive' | 'isReady';

type OfSeries = keyof ReturnType<typeof migrationHandlers> | keyof ReturnType<typeof watchHandlers>;

function runHandlers(deps: HttpDeps): Omit<Handlers, OfStatus | OfSeries> {
  const { ledger } = deps;
  const dryRuns = new DryRuns(deps);
  return {
    submitRun: ({ body, query, signal, traceparent }) =>
      query.dryRun === 'true'
        ? dryRun(body, { ...deps, dryRuns }, signal)
        : submitted(body, deps, traceparent),
    async listRuns({ query }) {
      const { runs, ...page } = await listedRuns(query, ledger);
      return { status: 200, body: { runs: runs.map(runAnswer), ...page } };
    },
    async getRun({ params: { id } }) {
      const run = await readWholeRun(id, ledger);
      return run ? { status: 200, body: wholeRunAnswer(run) } : unknownRun(id);
    },
    async cancelRun({ params: { id } }) {
      await ledger.requestCancel(id);
      const run = await readWholeRun(id, ledger);
      return run ? { status: 202, body: wholeRunAnswer(run) } : unknownRun(id);
    },
    ...controlHandlers(deps),
    async deleteRun({ params: { id } }) {
      const kind = await ledger.deleteRun(id);
      if (kind === 'unknown') return unknownRun(id);
      if (kind === 'deleted') return { status: 204 };
      const message = `Run ${id} is not settled. Cancel it first, or wait for its verdict.`;
      return { status: 409, body: { error: 'run_open', message } };
    },
  };
}

type Submitted = Awaited<ReturnType<Handlers['submitRun']>>;

async function dryRun(
  spec: RunSpec,
  { dryRuns, ...deps }: HttpDeps & { readonly dryRuns: DryRuns },
  signal: AbortSignal,
): Promise<Submitted> {
  const problems = refusedNames(spec, deps);
  if (problems.length > 0) return invalidSpec(problems);
  const planned = await dryRuns.plan(spec, signal);
  switch (planned.kind) {
    case 'planned':
      return { status: 200, body: planned.answer };
    case 'busy': {
      const message = `${planned.others} other dry runs are under way here. Ask again when one has ended.`;
      return { status: 429, body: { error: 'too_many_dry_runs', message } };
    }
    case 'late': {
      const message = `The databases were asked for ${planned.ms / 1000} s without an end. Name fewer tables, or look at the servers.`;
      return { status: 422, body: { error: 'dry_run_too_long', message } };
    }
  }
}

function statusHandlers({ ledger, supervisor, metrics, diagnosis }: HttpDeps): Pick<Handlers, OfStatus> {
  const document = HTTP_DOCUMENTS.coordinator();
  return {
    getBacklog: async () => ({ status: 200, body: { backlog: await backlogOf(ledger) } }),
    getDoctor: async () => ({ status: 200, body: await diagnosis.report() }),
    getOpenApi: () => ({ status: 200, body: document }),
    getMetrics: async () => ({ status: 200, text: await metrics.metrics() }),
    isAlive: () =>
      supervisor.silentMs < SILENCE_MS_MAX
        ? { status: 200, text: 'ok\n' }
        : unavailable('The supervisor hangs.'),
    isReady: async () =>
      ledger.ping().then(
        () => ({ status: 200, text: 'ok\n' }) as const,
        () => unavailable('Redis does not answer.'),
      ),
  };
}

function unavailable(message: string) {
  return { status: 503, body: { error: 'unavailable', message } } as const;
}
