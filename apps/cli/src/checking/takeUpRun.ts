/**
 * Decides which run a check works on: a new one, or the interrupted one that `--resume` asks for. An unfinished run
 * is never begun anew by accident, and never continued with another spec.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RunRecord, RunSpec } from '@rowparity/contracts';
import type { Ledger } from '@rowparity/core';
import { openSqliteLedger } from '@rowparity/sqlite';
import { UsageError } from '../usageError.ts';
import { comparisonName, ledgerPath, newestLedger, newRunId, STATE_FOLDER } from './runNames.ts';
import { specDifferences } from './specDifferences.ts';
import { readSpec, type SpecTexts } from './specOptions.ts';

export interface RunWish {
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
  readonly ledger: Ledger;
  readonly path: string;
  readonly runId: string;
  /** True when the run was begun by an earlier process. */
  readonly isResumed: boolean;
}

/** The spec as far as it is known before a run is chosen: its id may be another run's in the end. */
export function draftSpec({ texts, refs, database, now }: Omit<RunWish, 'ledger' | 'isResume'>): RunSpec {
  const draft = readSpec(texts, { ...refs, runId: 'draft' });
  if (draft.runId !== 'draft') return draft;
  return { ...draft, runId: newRunId(comparisonOf(draft, database), now) };
}

export async function takeUpRun(wish: RunWish): Promise<TakenRun> {
  const spec = draftSpec(wish);
  const isNamed = typeof wish.texts.runId === 'string';
  const place = wish.ledger ?? (isNamed ? undefined : await newestLedger(comparisonOf(spec, wish.database)));
  const path = place ?? ledgerPath(spec.runId);
  if (dirname(path) === STATE_FOLDER) await makeStateFolder();
  if (existsSync(path)) {
    const ledger = openSqliteLedger({ path });
    try {
      const known = await (isNamed ? ledger.getRun(spec.runId) : newestRun(ledger));
      const taken = known && takeKnown(known, { wish, spec, path, isNamed });
      if (taken) return { ledger, path, runId: taken, isResumed: true };
      if (wish.ledger) return await begin(ledger, { spec, path, now: wish.now });
    } catch (error) {
      await ledger.close();
      throw error;
    }
    await ledger.close();
  }
  const newPath = wish.ledger ?? ledgerPath(spec.runId);
  return begin(openSqliteLedger({ path: newPath }), { spec, path: newPath, now: wish.now });
}

/** The id of the run to continue; undefined when a new one is to begin. */
function takeKnown(
  known: RunRecord,
  { wish, spec, path, isNamed }: { wish: RunWish; spec: RunSpec; path: string; isNamed: boolean },
): string | undefined {
  const isSettled = known.state === 'settled';
  if (wish.isResume) {
    const differences = specDifferences(known.spec, { ...spec, runId: known.runId });
    if (differences.length === 0) return known.runId;
    const lines = differences.map((line) => `\n  ${line}`).join('');
    throw new UsageError(
      `--resume: run ${known.runId} in ${path} cannot be continued with another spec:${lines}`,
    );
  }
  if (!isSettled) {
    throw new UsageError(
      `run ${known.runId} in ${path} is not finished. Continue it with --resume, or remove the file and begin anew.`,
    );
  }
  if (isNamed) {
    throw new UsageError(
      `run ${known.runId} in ${path} is settled, and its event ids would be used twice. Take another --run-id; --resume writes its report again.`,
    );
  }
  return undefined;
}

async function begin(
  ledger: Ledger,
  { spec, path, now }: { readonly spec: RunSpec; readonly path: string; readonly now: number },
): Promise<TakenRun> {
  await ledger.createRun(spec, now);
  return { ledger, path, runId: spec.runId, isResumed: false };
}

async function newestRun(ledger: Ledger): Promise<RunRecord | undefined> {
  return (await ledger.listRuns(1))[0];
}

function comparisonOf({ source, destination, direction, tables }: RunSpec, database: string): string {
  return comparisonName(database, [source, destination, direction, tables]);
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
