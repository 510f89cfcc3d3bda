/** The reporter's answers: progress, report and certificate of a run, the list of runs, metrics. */
import {
  type Clock,
  directionOfStage,
  HTTP_DOCUMENTS,
  type KnownAnswer,
  type MigrationGatePolicy,
  type MigrationGateQuery,
  type MigrationRecord,
  type REPORTER_ROUTES,
  type RunHeader,
} from '@rowparity/contracts';
import {
  certifiable,
  certificateText,
  type FleetReadings,
  gateOf,
  knownOf,
  type LedgerReadings,
  listedRuns,
  type MigrationReadings,
  migrationFacts,
  migrationGate,
  newestRunOf,
  type PauseReadings,
  PlanCache,
  reportOf,
} from '@rowparity/core';
import type { HttpHandlers, Log } from '@rowparity/runtime';
import { FoundDifferences } from './foundDifferences.ts';
import { LiveRuns } from './liveRuns.ts';
import { pageHandlers } from './pageHandlers.ts';
import { RunFleets } from './runFleets.ts';
import { runMetrics } from './runMetrics.ts';
import { ShardMaps } from './shardMaps.ts';
import { SharedReads } from './sharedReads.ts';

/** All known differences of a run are read for it. */
const NEWEST_FRESH_MS = 5000;

export interface HttpDeps {
  readonly ledger: LedgerReadings;
  readonly migrations: MigrationReadings;
  readonly pauses?: PauseReadings;
  readonly fleet?: FleetReadings;
  readonly log: Log;
  readonly clock: Clock;
}

type Handlers = HttpHandlers<typeof REPORTER_ROUTES>;

export function reporterHandlers({ ledger, migrations, pauses, fleet, clock }: HttpDeps): Handlers {
  const metrics = runMetrics(ledger);
  // Progress is asked for every second, and a plan never changes under its name.
  const { read: readPlan } = new PlanCache(ledger);
  const readReport = (runId: string) => reportOf(runId, { ledger, readPlan, pauses }, clock.now());
  const live = new LiveRuns(readReport);
  const maps = new ShardMaps({ ledger, readPlan }, clock);
  const fleets = new RunFleets({ ledger, fleet }, clock);
  const newest = new SharedReads<KnownAnswer>({ ledger, clock, freshMs: NEWEST_FRESH_MS });
  const differences = new FoundDifferences(ledger);
  const report = async (runId: string) => {
    const found = await readReport(runId);
    return found ? ({ status: 200, body: found } as const) : unknownRun(runId);
  };
  const document = HTTP_DOCUMENTS.reporter();
  return {
    ...pageHandlers(),
    async listReportedRuns({ query }) {
      const { runs, ...page } = await listedRuns(query, ledger);
      const found = await differences.of(runs);
      const listed = runs.map((run, i) => listedRun(run, found[i] ?? null));
      return { status: 200, body: { runs: listed, ...page } };
    },
    getProgress: ({ params: { id } }) => report(id),
    getReport: ({ params: { id } }) => report(id),
    getGate: async ({ params: { id }, query }) => {
      const found = await report(id);
      return found.status === 200 ? { status: 200, body: gateOf(found.body, query, clock.now()) } : found;
    },
    getLive: async ({ params: { id }, signal }) => {
      if (live.isFull) return tooManyViewers();
      const found = await report(id);
      return found.status === 200 ? { status: 200, text: live.view(id, found.body, signal) } : found;
    },
    getShardMap: async ({ params: { id }, query: { cells } }) => {
      const map = await maps.map(id, cells);
      return map ? { status: 200, body: map } : unknownRun(id);
    },
    getFleet: async ({ params: { id } }) => {
      const found = await fleets.of(id);
      return found ? { status: 200, body: found } : unknownRun(id);
    },
    listReportedMigrations: async () => {
      const { migrations: all, unreadable } = await migrations.listMigrations();
      return { status: 200, body: { migrations: all.map(listedMigration), unreadable } };
    },
    getMigrationGate: async ({ params: { id }, query }) => {
      const facts = await migrationFacts(id, { ledger, migrations, readPlan, pauses }, clock.now());
      if (!facts) return unknownMigration(id);
      const policy = { ...facts.migration.definition.gate, ...given(query) };
      return { status: 200, body: migrationGate(facts, policy, clock.now()) };
    },
    getKnown: async ({ params: { id }, query }) => {
      const read = () => knownOf(id, query, ledger);
      const known = await (query.order ? newest.ofRun(id, `${query.limit ?? ''}`, read) : read());
      return known ? { status: 200, body: known } : unknownRun(id);
    },
    getCertificate: ({ params: { id } }) => certificate(id, ledger),
    getOpenApi: () => ({ status: 200, body: document }),
    getMetrics: async () => ({ status: 200, text: await metrics.text() }),
    isAlive: () => ({ status: 200, text: 'ok\n' }),
    isReady: async () =>
      ledger.ping().then(
        () => ({ status: 200, text: 'ok\n' }) as const,
        () => ({ status: 503, body: { error: 'unavailable', message: 'Redis does not answer.' } }) as const,
      ),
  };
}

async function certificate(
  runId: string,
  ledger: LedgerReadings,
): Promise<Awaited<ReturnType<Handlers['getCertificate']>>> {
  const found = await certifiable(runId, ledger);
  if (!found) return unknownRun(runId);
  switch (found.kind) {
    case 'damaged':
      return { status: 409, body: { error: 'run_damaged', message: found.failure.message } };
    case 'open': {
      const message = `Run "${runId}" is ${found.state}. A certificate is written of a settled run.`;
      return { status: 409, body: { error: 'run_not_settled', message } };
    }
    default:
      return { status: 200, text: certificateText(found.run, ledger) };
  }
}

function unknownRun(runId: string) {
  return { status: 404, body: { error: 'run_unknown', message: `There is no run "${runId}".` } } as const;
}

function listedRun(run: RunHeader, differences: number | null) {
  const { runId, generation, state, verdict, pausedAt, createdAt, settledAt } = run;
  return { runId, generation, state, verdict, paused: pausedAt !== null, createdAt, settledAt, differences };
}

function listedMigration(migration: MigrationRecord) {
  const { migrationId, stage, runs } = migration;
  const runId = newestRunOf(migration) ?? null;
  return { migrationId, stage, direction: directionOfStage(stage), runs, runId };
}

function tooManyViewers() {
  const message =
    'The reporter has as many viewers as it takes. Ask for the report instead, every ten seconds or so.';
  return { status: 429, body: { error: 'too_many_requests', message } } as const;
}

function unknownMigration(id: string) {
  const message = `There is no migration "${id}".`;
  return { status: 404, body: { error: 'migration_unknown', message } } as const;
}

/** What the question leaves out is as the migration has it. */
function given({ maxAgeMs, maxLagMs, quietRuns, quietMs }: MigrationGateQuery): Partial<MigrationGatePolicy> {
  return {
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
    ...(maxLagMs === undefined ? {} : { maxLagMs }),
    ...(quietRuns === undefined ? {} : { quietRuns }),
    ...(quietMs === undefined ? {} : { quietMs }),
  };
}
