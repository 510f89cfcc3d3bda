/** Gathers what the gate of a migration is decided by. Reads the record, its last runs, and two plans. */
import { migrationRunId, QUIET_RUNS_MAX, type RunHeader, type RunReport } from '@rowparity/contracts';
import { schemaDifferences } from '../catalogs/schemaHashes.ts';
import { type PlanReader, planReader } from '../ledgering/plannedRun.ts';
import { isUnreadable } from '../ledgering/readableRuns.ts';
import type { MigrationReadings } from '../ports/ledger.ts';
import { type ReportDeps, reportOf } from '../settling/reportOf.ts';
import { isFullRun, type MigrationFacts } from './migrationGate.ts';

export interface MigrationFactsDeps extends ReportDeps {
  readonly migrations: Pick<MigrationReadings, 'getMigration'>;
}

/** Undefined when there is no such migration. Throws RUN_UNREADABLE of its record, and of its newest run. */
export async function migrationFacts(
  id: string,
  deps: MigrationFactsDeps,
  now: number,
): Promise<MigrationFacts | undefined> {
  const migration = await deps.migrations.getMigration(id);
  if (!migration) return undefined;
  const runs = await newestRuns(migration, deps.ledger);
  const [newest] = runs;
  const settled = runs.filter(({ state }) => state === 'settled');
  const [last, before] = settled.filter(isFullRun);
  const report: RunReport | undefined = last && (await reportOf(last.runId, deps, now));
  const readPlan = deps.readPlan ?? planReader(deps.ledger);
  return {
    migration,
    underWay: newest && newest.state !== 'settled' ? newest : undefined,
    last: report,
    settled,
    changedTables: last && before ? await changedTables({ last, before }, readPlan) : [],
    knownDifferences: report && knownOpen(report),
  };
}

/** Known from an earlier run, and not seen resolved by this one. */
function knownOpen({ counts: { knownStill, knownUnstable, knownHidden } }: RunReport): number {
  return knownStill + knownUnstable + knownHidden;
}

interface Aged {
  readonly migrationId: string;
  readonly runs: number;
  readonly createdAt: number;
}

/** The newest first. Runs that are gone are left out; behind one that cannot be read, nothing is known. */
async function newestRuns(
  { migrationId, runs, createdAt }: Aged,
  ledger: MigrationFactsDeps['ledger'],
): Promise<readonly RunHeader[]> {
  const found: RunHeader[] = [];
  for (let number = runs; number > 0 && found.length <= QUIET_RUNS_MAX; number -= 1) {
    const run = await ledger.getRun(migrationRunId(migrationId, number)).catch((error: unknown) => {
      if (found.length === 0 || !isUnreadable(error)) throw error;
      return 'unreadable' as const;
    });
    if (run === 'unreadable') break;
    // An earlier migration of this id had runs of these numbers, too.
    if (run && run.createdAt < createdAt) break;
    // A run that was ordered by hand has the generation 1.
    if (run?.generation === number) found.push(run);
  }
  return found;
}

interface TwoRuns {
  readonly last: RunHeader;
  readonly before: RunHeader;
}

/** What is different between the plans of two runs, a sentence a table. */
async function changedTables(
  { last, before }: TwoRuns,
  readPlan: PlanReader,
): Promise<MigrationFacts['changedTables']> {
  const [now, then] = await Promise.all([last, before].map((run) => schemasOf(run, readPlan)));
  if (!now || !then) return [];
  const names = [...new Set([...then.keys(), ...now.keys()])].sort();
  return names.flatMap((name) => {
    const differences = schemaDifferences(then.get(name) ?? {}, now.get(name) ?? {});
    return differences.length > 0 ? [{ name, differences }] : [];
  });
}

type Schemas = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** By the names of the table pairs; both sides of a pair together. Undefined without a plan. */
async function schemasOf({ runId, planName }: RunHeader, readPlan: PlanReader): Promise<Schemas | undefined> {
  const planned = planName === null ? undefined : await readPlan(runId, planName);
  return (
    planned &&
    new Map(
      planned.plan.tables.flatMap(({ names, schemas }) => {
        if (!schemas) return [];
        const parts = (['source', 'destination'] as const).flatMap((place) =>
          Object.entries(schemas[place]).map(([part, hash]) => [`${place}: ${part}`, hash] as const),
        );
        return [[names.source, Object.fromEntries(parts)]];
      }),
    )
  );
}
