/** The phases of a run, and where it is. Pure. */
import type { RunReport } from '@rowparity/contracts';
import { spanWords } from './timeWords.ts';

export interface Phase {
  readonly name: string;
  readonly detail: string;
  readonly progress: 'done' | 'now' | 'later';
}

export function phasesOf(report: RunReport, now: number): readonly Phase[] {
  const { state, createdAt, plannedAt, settledAt, percent, etaMs, paused, shards } = report;
  const end = settledAt ?? now;
  const comparedAll = shards.total > 0 && shards.planned + shards.running === 0;
  const isComparing = state === 'running' && !comparedAll;
  const current = state === 'settled' ? 3 : state !== 'running' ? 0 : isComparing ? 1 : 2;
  const left = etaMs === null ? 'time left not known yet' : `${spanWords(etaMs)} left`;
  const details = [
    plannedAt === null ? spanWords(end - createdAt) : spanWords(plannedAt - createdAt),
    isComparing ? `${percent.toFixed(1)} % · ${paused ? 'paused' : left}` : comparingWords(report, end),
    current === 2 ? 'schemas are compared once more' : '',
    settledAt === null ? '' : `after ${spanWords(settledAt - createdAt)}`,
  ];
  return ['Planning', 'Comparing', 'Closing', 'Settled'].map((name, i) => ({
    name,
    detail: details[i] ?? '',
    progress: state === 'settled' || i < current ? 'done' : i === current ? 'now' : 'later',
  }));
}

function comparingWords({ plannedAt, comparedTo, state }: RunReport, end: number): string {
  if (plannedAt === null || state !== 'settled') return '';
  return spanWords((comparedTo ?? end) - plannedAt);
}
