/** A run beside the one before it in its series, in a list of runs. Pure. */
import type { ReportedRuns } from '@rowparity/contracts';
import { count } from '@rowparity/contracts/words/numberWords';

type Run = Pick<ReportedRuns['runs'][number], 'runId' | 'generation' | 'differences' | 'state'>;

/** Runs of a watch or a migration have its id and their number: `orders-move.7` is behind `orders-move.6`. */
export function runBefore({ runId, generation }: Pick<Run, 'runId' | 'generation'>): string | undefined {
  const number = `.${generation}`;
  if (generation < 2 || !runId.endsWith(number)) return undefined;
  return `${runId.slice(0, -number.length)}.${generation - 1}`;
}

/** `7, was 444`; nothing of a run that is not compared yet. */
export function differencesWords(run: Run, all: readonly Run[]): string {
  if (run.differences === null || (run.state !== 'settled' && run.differences === 0)) return '';
  const before = runBefore(run);
  const last = all.find(({ runId }) => runId === before)?.differences;
  const own = count(run.differences);
  return last == null || last === run.differences ? own : `${own}, was ${count(last)}`;
}
