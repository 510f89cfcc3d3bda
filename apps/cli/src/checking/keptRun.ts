/** A run of `check` that a ledger file keeps: read for its report and certificate, nothing is compared. */
import { existsSync } from 'node:fs';
import { type LedgerReadings, readWholeRun, type WholeRun } from '@rowparity/core';
import { openSqliteLedger } from '@rowparity/sqlite';
import { Option } from 'commander';
import { UsageError } from '../usage/usageError.ts';
import { ledgerPath, newestLedger } from './runNames.ts';

export function ledgerOption(): Option {
  return new Option(
    '--ledger <file>',
    'read a run of check from its ledger: a file, or the name of a run or comparison in .rowparity (its newest run)',
  );
}

export interface KeptRun {
  readonly ledger: LedgerReadings;
  readonly run: WholeRun;
}

/** Without a run id the newest run of the ledger. */
export async function withKeptRun<T>(
  { place, runId }: { readonly place: string; readonly runId: string | undefined },
  use: (kept: KeptRun) => Promise<T>,
): Promise<T> {
  const path = await ledgerAt(place);
  const ledger = openSqliteLedger({ path });
  try {
    const run = runId === undefined ? await newestRun(ledger) : await readWholeRun(runId, ledger);
    if (!run) throw new UsageError(`the ledger ${path} has no run${runId ? ` ${runId}` : ''}.`);
    return await use({ ledger, run });
  } finally {
    await ledger.close();
  }
}

async function newestRun(ledger: LedgerReadings): Promise<WholeRun | undefined> {
  const [header] = (await ledger.listRuns(1)).runs;
  return header && readWholeRun(header.runId, ledger);
}

/** Opening a ledger makes it where there is none, so only what is there is opened. */
async function ledgerAt(place: string): Promise<string> {
  const path = [place, ledgerPath(place)].find((one) => existsSync(one)) ?? (await newestLedger(place));
  if (path !== undefined) return path;
  throw new UsageError(
    `--ledger ${place}: expected a file, or the name of a run or comparison in .rowparity; found none.`,
  );
}

/** Either a run id of the services or a ledger must be named. */
export function expectRunId(runId: string | undefined): string {
  if (runId !== undefined) return runId;
  throw new UsageError('expected the id of a run, or --ledger FILE for a run of check; found neither.');
}
