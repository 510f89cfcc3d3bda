/**
 * What an open run needs next, decided by its state alone. Only this function and `takeStep` define the life of a run;
 * a process drives them. Reading changes nothing.
 *
 *     accepted → planning → running → settled
 *
 * A paused run stays where it is. A run that is cancelled, that cannot be planned, or of which the ledger lost a part,
 * goes to `settled` at once.
 */
import type { RunHeader } from '@rowparity/contracts';
import { isUnreadable } from '../ledgering/readableRuns.ts';
import type { LedgerReadings } from '../ports/ledger.ts';
import { isDrained } from '../settling/verdict.ts';

export type Step =
  /** There is no plan yet, or one that was not finished. */
  | { readonly kind: 'plan'; readonly run: RunHeader }
  /** Shards are left: some of them can go to workers. */
  | { readonly kind: 'open'; readonly run: RunHeader }
  /** Every shard has its outcome. */
  | { readonly kind: 'settle'; readonly run: RunHeader }
  /** The run was cancelled. */
  | { readonly kind: 'cancel'; readonly run: RunHeader }
  /** The run is paused. */
  | { readonly kind: 'rest'; readonly run: RunHeader }
  /** The ledger lost a part of the run: it can come to no result. */
  | { readonly kind: 'endDamaged'; readonly run: RunHeader; readonly damage: readonly string[] }
  /** The run has its verdict. */
  | { readonly kind: 'none'; readonly run: RunHeader }
  /** The run is on the list of open runs, and its record is gone. */
  | { readonly kind: 'forget'; readonly runId: string };

/** Steps that query the databases: they take seconds or minutes, and other runs must not wait for them. */
export function isSlow({ kind }: Step): boolean {
  return kind === 'plan' || kind === 'settle';
}

export interface NextStepInput {
  readonly runId: string;
  /** Also checks a running run for lost parts, with some more reads. */
  readonly isThorough: boolean;
}

/**
 * Reads small records only. Throws RUN_UNREADABLE when the run's header cannot be read, or another part of it and
 * nothing tells what is lost.
 */
export async function nextStep(
  { runId, isThorough }: NextStepInput,
  ledger: Pick<LedgerReadings, 'getRun' | 'sums' | 'damageOf'>,
): Promise<Step> {
  const run = await ledger.getRun(runId);
  if (!run) return { kind: 'forget', runId };
  if (run.state === 'settled') return { kind: 'none', run };
  if (run.cancelRequested) return { kind: 'cancel', run };
  if (run.pausedAt !== null) return { kind: 'rest', run };
  switch (run.state) {
    case 'accepted':
    case 'planning':
      return { kind: 'plan', run };
    case 'running': {
      const damage = isThorough ? await ledger.damageOf(runId) : [];
      if (damage.length > 0) return { kind: 'endDamaged', run, damage };
      return orDamaged(run, ledger, async () => {
        const isDone = isDrained(run, await ledger.sums(runId));
        return { kind: isDone ? 'settle' : 'open', run };
      });
    }
  }
}

/** A part of the run that holds something else makes every step fail: then the run is to end, with what is lost. */
export async function orDamaged<T>(
  run: RunHeader,
  ledger: Pick<LedgerReadings, 'damageOf'>,
  step: () => Promise<T>,
): Promise<T | Extract<Step, { kind: 'endDamaged' }>> {
  try {
    return await step();
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    const damage = await ledger.damageOf(run.runId);
    if (damage.length === 0) throw error;
    return { kind: 'endDamaged', run, damage };
  }
}
