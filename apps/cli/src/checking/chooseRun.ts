/**
 * Decides which run a check works on: a new one, or with `--resume` the interrupted one. An unfinished run is never
 * started anew by accident, and never continued with another spec. A settled run is never continued: its verdict is
 * about an earlier time.
 */
import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RunSpec } from '@rowparity/contracts';
import { type LedgerReadings, readWholeRun, type WholeRun } from '@rowparity/core';
import { type OpenLedger, openSqliteLedger } from '@rowparity/sqlite';
import { UsageError } from '../usage/usageError.ts';
import { comparisonName, ledgerPath, newestLedger, newRunId, STATE_FOLDER } from './runNames.ts';
import { specDifferences } from './specDifferences.ts';
import { readSpec, type SpecTexts } from './specOptions.ts';

export interface ChooseRunInput {
  readonly texts: SpecTexts;
  readonly refs: { readonly source: string; readonly destination: string };
  /** The base's database, for the run's name. */
  readonly database: string;
  /** A file that was named. */
  readonly ledger: string | undefined;
  readonly isResume: boolean;
  readonly now: number;
}

export interface TakenRun {
  readonly ledger: OpenLedger;
  readonly path: string;
  readonly runId: string;
  /** True when the run was begun by an earlier process. */
  readonly isResumed: boolean;
  /** The settled run that `--resume` found instead of an unfinished one, and its ledger. */
  readonly settled?: { readonly runId: string; readonly path: string } | undefined;
}

/** The spec before a run is chosen: with --resume its run id may still change. */
export function draftSpec({
  texts,
  refs,
  database,
  now,
}: Omit<ChooseRunInput, 'ledger' | 'isResume'>): RunSpec {
  const draft = readSpec(texts, { ...refs, runId: 'draft' });
  if (draft.runId !== 'draft') return draft;
  return { ...draft, runId: newRunId(comparisonOf(draft, database), now) };
}

export async function chooseRun(input: ChooseRunInput): Promise<TakenRun> {
  const spec = draftSpec(input);
  const isNamed = typeof input.texts.runId === 'string';
  const own = input.ledger ?? ledgerPath(spec.runId);
  const place = input.ledger || isNamed ? own : await newestLedger(comparisonOf(spec, input.database));
  const found =
    place !== undefined && existsSync(place) ? await takeKnown(place, { input, spec }) : undefined;
  if (found && 'ledger' in found) return found;
  const begun = await begin(own, spec, input.now);
  return { ...begun, settled: input.isResume ? found?.settled : undefined };
}

/** What an existing ledger holds: the run to continue, or one that is settled. */
type Known = TakenRun | Required<Pick<TakenRun, 'settled'>>;

/** The run to continue; undefined when a new one is to begin. */
async function takeKnown(
  path: string,
  { input, spec }: { readonly input: ChooseRunInput; readonly spec: RunSpec },
): Promise<Known | undefined> {
  await expectLedgerFile(path);
  const ledger = openSqliteLedger({ path });
  let known: WholeRun | undefined;
  try {
    const isNamed = typeof input.texts.runId === 'string';
    known = isNamed ? await readWholeRun(spec.runId, ledger) : await newestRun(ledger);
    if (known && input.isResume && known.state !== 'settled') {
      expectSameSpec(known, spec, path);
      return { ledger, path, runId: known.runId, isResumed: true };
    }
    if (known) expectMayBeginAnew(known, { isNamed, path });
  } catch (error) {
    await ledger.close();
    throw error;
  }
  await ledger.close();
  return known && { settled: { runId: known.runId, path } };
}

async function newestRun(ledger: LedgerReadings): Promise<WholeRun | undefined> {
  const [header] = (await ledger.listRuns(1)).runs;
  return header && readWholeRun(header.runId, ledger);
}

/** Without this check SQLite would write its tables into a device. */
async function expectLedgerFile(path: string): Promise<void> {
  if ((await stat(path)).isFile()) return;
  throw new UsageError(`--ledger ${path}: expected a file, found something else. Name another.`);
}

function expectSameSpec(known: WholeRun, spec: RunSpec, path: string): void {
  const differences = specDifferences(known.spec, { ...spec, runId: known.runId });
  if (differences.length === 0) return;
  const lines = differences.map((line) => `\n  ${line}`).join('');
  throw new UsageError(
    `--resume: run ${known.runId} in ${path} cannot be continued with another spec:${lines}`,
  );
}

function expectMayBeginAnew(
  { runId, state }: WholeRun,
  { isNamed, path }: { readonly isNamed: boolean; readonly path: string },
): void {
  if (state !== 'settled') {
    throw new UsageError(
      `run ${runId} in ${path} is not finished. Continue it with --resume, or remove the file and begin anew.`,
    );
  }
  if (isNamed) {
    throw new UsageError(
      `run ${runId} in ${path} is settled: --resume continues unfinished runs only, and a new run of this id would use its event ids twice. Take another --run-id. "rowparity report --ledger ${path}" shows its report.`,
    );
  }
}

async function begin(path: string, spec: RunSpec, now: number): Promise<TakenRun> {
  if (dirname(path) === STATE_FOLDER) await makeStateFolder();
  const ledger = openSqliteLedger({ path });
  await ledger.createRun(spec, now);
  return { ledger, path, runId: spec.runId, isResumed: false };
}

function comparisonOf(spec: RunSpec, database: string): string {
  const { source, destination, direction, tables, excludeColumns } = spec;
  return comparisonName(database, [source, destination, direction, tables, excludeColumns]);
}

async function makeStateFolder(): Promise<void> {
  await mkdir(STATE_FOLDER, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(
      `the folder ${STATE_FOLDER} cannot be made here (${cause.code}); name a file with --ledger.`,
      {
        cause,
      },
    );
  });
}
