/** Migrations in memory, beside the runs of any ledger. One call at a time, so each is one step. */
import {
  directionOfStage,
  MIGRATIONS_MAX,
  type MigrationRecord,
  STAGE_SWITCHES_KEPT_MAX,
} from '@rowparity/contracts';
import { isSameDefinition, neighboursOf, newestRunOf, newMigration } from '../ledgering/stages.ts';
import type {
  BeginMigrationRun,
  BeginMigrationRunResult,
  LedgerReadings,
  MigrationStore,
  RunStore,
  StageSwitch,
  SwitchStageResult,
} from '../ports/ledger.ts';

type Runs = Pick<RunStore, 'createRun' | 'requestCancel'> & Pick<LedgerReadings, 'getRun'>;

export function memoryMigrations(runs: Runs): MigrationStore {
  const records = new Map<string, MigrationRecord>();
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(step: () => Promise<T>): Promise<T> => {
    const next = last.then(step, step);
    last = next;
    return next;
  };
  const put = (record: MigrationRecord) => {
    records.set(record.migrationId, record);
    return record;
  };
  return {
    getMigration: async (id) => records.get(id),
    listMigrations: async () => ({
      migrations: [...records.values()].toSorted((a, b) => b.createdAt - a.createdAt),
      unreadable: [],
    }),

    async createMigration(id, definition, now) {
      const found = records.get(id);
      if (found) {
        const kind = isSameDefinition(found.definition, definition) ? 'same' : 'different';
        return { kind, migration: found };
      }
      if (records.size >= MIGRATIONS_MAX) return { kind: 'full' };
      return { kind: 'created', migration: put(newMigration(id, definition, now)) };
    },

    switchStage: (id, change) =>
      alone(async () => {
        const found = records.get(id);
        return found ? switchOf(found, change, { runs, put }) : { kind: 'unknown' };
      }),

    orderMigrationRun: (id, number) =>
      alone(async () => {
        const migration = records.get(id);
        if (!migration) return { kind: 'unknown' };
        const next = migration.runs + 1;
        if (number !== undefined && number > next) return { kind: 'ahead', migration };
        if (number !== undefined && number < next) return { kind: 'begun', migration };
        return { kind: 'ordered', migration: put({ ...migration, ordered: next }) };
      }),

    beginMigrationRun: (begin) => alone(() => beginOf(begin, records.get(begin.migrationId), { runs, put })),

    deleteMigration: (id) =>
      alone(async () => {
        const found = records.get(id);
        if (!found) return 'unknown';
        if (await isUnderWay(found, runs)) return 'open';
        records.delete(id);
        return 'deleted';
      }),
  };
}

async function isUnderWay(record: MigrationRecord, runs: Runs): Promise<boolean> {
  const newest = newestRunOf(record);
  const header = newest === undefined ? undefined : await runs.getRun(newest);
  return header !== undefined && header.state !== 'settled';
}

interface SwitchDeps {
  readonly runs: Runs;
  put(record: MigrationRecord): MigrationRecord;
}

async function switchOf(
  found: MigrationRecord,
  { to, expected, now }: StageSwitch,
  { runs, put }: SwitchDeps,
): Promise<SwitchStageResult> {
  if (found.stage === to) return { kind: 'same', migration: found };
  if (expected !== undefined && expected !== found.stage) return { kind: 'other', migration: found };
  if (!neighboursOf(found.stage).includes(to)) return { kind: 'notNext', migration: found };
  const isTurn = directionOfStage(found.stage) !== directionOfStage(to);
  const ended = isTurn && (await isUnderWay(found, runs)) ? (newestRunOf(found) ?? null) : null;
  if (ended !== null) await runs.requestCancel(ended);
  const migration = put({
    ...found,
    ...{ stage: to, stageSince: now, ordered: ended === null ? found.ordered : found.runs + 1 },
    switches: [...found.switches, { stage: to, at: now, ended }].slice(-STAGE_SWITCHES_KEPT_MAX),
  });
  return { kind: 'switched', migration, ended };
}

async function beginOf(
  { number, spec, now }: BeginMigrationRun,
  found: MigrationRecord | undefined,
  { runs, put }: SwitchDeps,
): Promise<BeginMigrationRunResult> {
  if (!found) return { kind: 'unknown' };
  const isHere = number === found.runs + 1 && directionOfStage(found.stage) === spec.direction;
  if (!isHere) return { kind: 'moved' };
  if (await runs.getRun(spec.runId)) {
    put({ ...found, runs: number, ordered: found.ordered === number ? number + 1 : found.ordered });
    return { kind: 'taken' };
  }
  await runs.createRun(spec, now, { generation: number });
  put({ ...found, runs: number, begunAt: now, ordered: null });
  return { kind: 'begun' };
}
