/** How far the run is: its phases, and the numbers that move. */
import type { RunReport, ShardMap } from '@rowparity/contracts';
import { count } from '@rowparity/contracts/words/numberWords';
import { differencesOf } from '@rowparity/contracts/words/verdictWords';
import { type ComponentChild, h } from 'preact';
import { courseOf } from './courses.ts';
import { factList } from './frame.ts';
import { phasesOf } from './phases.ts';
import { sparkline } from './sparkline.ts';
import { spanWords } from './timeWords.ts';

export interface PhasesInput {
  readonly report: RunReport;
  readonly map: ShardMap | undefined;
  readonly now: number;
}

export function phasesView({ report, map, now }: PhasesInput): ComponentChild {
  const { percent, state } = report;
  const phases = phasesOf(report, now).map(({ name, detail, progress }) =>
    h('li', { class: progress, ...(progress === 'now' ? { 'aria-current': 'step' } : {}) }, [
      h('span', { class: 'name' }, [name, h('span', { class: 'hidden' }, ` ${PROGRESS_WORDS[progress]}`)]),
      h('span', { class: 'detail' }, detail),
    ]),
  );
  return h('section', { class: 'progress', 'aria-label': 'Progress' }, [
    h('ol', { class: 'phases' }, phases),
    state === 'settled' ? null : h('progress', { max: 100, value: percent, 'aria-label': 'Shards done' }),
    factList(numbersOf(report, linesOf(report, map)), 'numbers'),
  ]);
}

const PROGRESS_WORDS = { done: '(done)', now: '(now)', later: '(later)' } as const;

interface SmallLines {
  readonly rate: ComponentChild;
  readonly confirmed: ComponentChild;
}

/** In the course of the run, as far as the map knows it. */
function linesOf({ settledAt, comparedTo }: RunReport, map: ShardMap | undefined): SmallLines {
  const upTo = settledAt === null ? map?.at : (comparedTo ?? map?.at);
  const course = map && upTo !== undefined ? courseOf(map.timeline, upTo) : undefined;
  if (!course) return { rate: null, confirmed: null };
  const hasConfirmed = course.confirmed.at(-1) !== 0;
  return {
    rate: sparkline(course.rowsPerSecond, 'rate'),
    confirmed: hasConfirmed ? sparkline(course.confirmed, 'differs') : null,
  };
}

function numbersOf(report: RunReport, lines: SmallLines) {
  const { state, counts, shards, rowsPerSecond, pending, convergence, elapsedMs } = report;
  const done = shards.match + shards.differs + shards.inconclusive;
  return [
    ['Rows of both sides', count(counts.rowsBase + counts.rowsTarget)],
    ['Rows a second', [count(rowsPerSecond), lines.rate]],
    ['Shards done', `${count(done)} of ${count(shards.total)}`],
    ['Differences', [count(differencesOf(counts)), lines.confirmed]],
    ['Equal at a recheck', count(counts.converged)],
    ...(state === 'settled' ? [] : [['Waiting for a recheck', count(pending.candidates)] as const]),
    ...(convergence ? [['Slowest arrival', spanWords(convergence.longestMs)] as const] : []),
    ['Time', spanWords(elapsedMs)],
  ] as const;
}
