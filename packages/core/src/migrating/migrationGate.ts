/**
 * The gate of a migration: may it go on from its stage, as far as its runs tell. Pure; it names every reason at once,
 * so that a person mends all of them and orders one run.
 */
import {
  directionOfStage,
  listed,
  MIGRATION_GATE_VERSION,
  type MigrationGateAnswer,
  type MigrationGatePolicy,
  type MigrationReason,
  type MigrationRecord,
  type RunHeader,
  type RunReport,
} from '@rowparity/contracts';
import { neighboursOf } from '../ledgering/stages.ts';
import { gateOf } from './gate.ts';
import { spokenTime } from './spokenTime.ts';

const NAMED_MAX = 5;

export interface MigrationFacts {
  readonly migration: MigrationRecord;
  /** The newest run, when it has no verdict yet. */
  readonly underWay: Pick<RunHeader, 'runId' | 'state'> | undefined;
  /** Of the newest full run that has ended. */
  readonly last: RunReport | undefined;
  /** Runs that have ended, the newest first: as many as are looked back on. */
  readonly settled: readonly SettledRun[];
  /** Tables of the last full run that had another schema in the full run before. */
  readonly changedTables: readonly { readonly name: string; readonly differences: readonly string[] }[];
  /** Differences that are followed and not resolved; undefined where none are followed. */
  readonly knownDifferences: number | undefined;
}

export type SettledRun = Pick<
  RunHeader,
  'runId' | 'verdict' | 'failure' | 'comparedFrom' | 'comparedTo' | 'settledAt'
>;

/** A run that was cancelled, or ended by a switch of the stage, has not looked at everything. */
export function isFullRun({ failure }: Pick<RunHeader, 'failure'>): boolean {
  return failure?.code !== 'RUN_CANCELLED';
}

export function migrationGate(
  facts: MigrationFacts,
  policy: MigrationGatePolicy,
  now: number,
): MigrationGateAnswer {
  const { migration, last, knownDifferences } = facts;
  const { migrationId, stage } = migration;
  const quiet = quietOf(facts.settled);
  const reasons = [
    ...runReasons(facts, policy, now),
    ...underWay(facts),
    ...beforeStage(facts),
    ...notQuiet(quiet, policy),
    ...schemaChanges(facts),
    ...known(facts),
  ];
  return {
    ...{ version: MIGRATION_GATE_VERSION, migrationId, stage, direction: directionOfStage(stage) },
    ...{ neighbours: [...neighboursOf(stage)], ready: reasons.length === 0, reasons },
    lastRun: last ? lastRunOf(last, now) : null,
    quiet,
    knownDifferences: knownDifferences ?? null,
  };
}

function lastRunOf(report: RunReport, now: number): NonNullable<MigrationGateAnswer['lastRun']> {
  const { runId, verdict, direction, comparedFrom, comparedTo, settledAt, convergence } = report;
  return {
    ...{ runId, verdict, direction, comparedFrom, comparedTo, settledAt },
    ageMs: comparedFrom === null ? null : Math.max(0, now - comparedFrom),
    longestLagMs: convergence?.longestMs ?? null,
  };
}

function runReasons(
  { last, migration }: MigrationFacts,
  policy: MigrationGatePolicy,
  now: number,
): MigrationReason[] {
  if (!last) {
    const message = 'No full run of this migration has ended yet. Order one, or wait for its schedule.';
    return [{ code: 'NO_RUN', message }];
  }
  const { maxAgeMs, maxLagMs } = policy;
  const direction = directionOfStage(migration.stage);
  return [...gateOf(last, { maxAgeMs, maxLagMs, direction }, now).reasons];
}

function underWay({ underWay: run, migration }: MigrationFacts): MigrationReason[] {
  if (run) {
    const message = `Run ${run.runId} is under way (${run.state}). Wait for its verdict.`;
    return [{ code: 'RUN_UNDER_WAY', message }];
  }
  if (migration.ordered === null) return [];
  const message = `Run ${migration.ordered} is ordered and has not begun. Wait for its verdict.`;
  return [{ code: 'RUN_UNDER_WAY', message }];
}

/** In each stage the application writes elsewhere: what was compared in the stage before proves nothing of this one. */
function beforeStage({ last, migration }: MigrationFacts): MigrationReason[] {
  if (!last) return [];
  const from = last.comparedFrom ?? last.createdAt;
  const { stage, stageSince } = migration;
  if (from >= stageSince) return [];
  const message = `Run ${last.runId} began at ${timeText(from)}, and the migration came to ${stage} at ${timeText(stageSince)}. Order a run in this stage.`;
  return [{ code: 'BEFORE_STAGE', message }];
}

/** Consistent full runs in a row. A difference ends the row also where its run was cancelled. */
function quietOf(settled: readonly SettledRun[]): MigrationGateAnswer['quiet'] {
  const row: SettledRun[] = [];
  for (const run of settled) {
    if (run.verdict === 'consistent') row.push(run);
    else if (isFullRun(run) || run.verdict === 'inconsistent') break;
  }
  const since = row.at(-1)?.comparedFrom;
  const until = row[0]?.comparedTo;
  const forMs = since === undefined || until === undefined ? 0 : Math.max(0, until - since);
  return { runs: row.length, since: since ?? null, forMs };
}

function notQuiet(quiet: MigrationGateAnswer['quiet'], policy: MigrationGatePolicy): MigrationReason[] {
  const { quietRuns, quietMs } = policy;
  if (quiet.runs >= quietRuns && quiet.forMs >= quietMs) return [];
  const wanted = `${countOf(quietRuns)}${quietMs > 0 ? ` over ${spokenTime(quietMs)}` : ''}`;
  const found = `${countOf(quiet.runs)}${quiet.runs > 0 && quietMs > 0 ? ` over ${spokenTime(quiet.forMs)}` : ''}`;
  const message = `Quiet is ${wanted} in a row without a difference; so far there ${quiet.runs === 1 ? 'is' : 'are'} ${found}.`;
  return [{ code: 'NOT_QUIET', message }];
}

function countOf(runs: number): string {
  return runs === 1 ? '1 consistent run' : `${runs} consistent runs`;
}

function schemaChanges({ changedTables }: MigrationFacts): MigrationReason[] {
  if (changedTables.length === 0) return [];
  const names = changedTables.map(
    ({ name, differences }) => `${name} (${listed(differences, NAMED_MAX, ', ')})`,
  );
  const message = `Tables have changed since the full run before: ${listed(names, NAMED_MAX, ', ')}. Order one more run with the schema that is to stay.`;
  return [{ code: 'SCHEMA_CHANGED_SINCE', message }];
}

function known({ knownDifferences = 0 }: MigrationFacts): MigrationReason[] {
  if (knownDifferences === 0) return [];
  const message = `${knownDifferences} known ${knownDifferences === 1 ? 'difference is' : 'differences are'} not resolved. Repair what differs, and have it looked at again.`;
  return [{ code: 'KNOWN_DIFFERENCES', message }];
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
