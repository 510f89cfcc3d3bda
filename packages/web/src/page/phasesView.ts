/** How far the run is: its phases, and the numbers that move. */
import type { RunReport } from '@rowparity/contracts';
import { count } from '@rowparity/contracts/words/numberWords';
import { differencesOf } from '@rowparity/contracts/words/verdictWords';
import { type ComponentChild, h } from 'preact';
import { factList } from './frame.ts';
import { phasesOf } from './phases.ts';
import { spanWords } from './timeWords.ts';

export function phasesView(report: RunReport, now: number): ComponentChild {
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
    factList(numbersOf(report), 'numbers'),
  ]);
}

const PROGRESS_WORDS = { done: '(done)', now: '(now)', later: '(later)' } as const;

function numbersOf({ state, counts, shards, rowsPerSecond, pending, convergence, elapsedMs }: RunReport) {
  const done = shards.match + shards.differs + shards.inconclusive;
  return [
    ['Rows of both sides', count(counts.rowsBase + counts.rowsTarget)],
    ['Rows a second', count(rowsPerSecond)],
    ['Shards done', `${count(done)} of ${count(shards.total)}`],
    ['Differences', count(differencesOf(counts))],
    ['Equal at a recheck', count(counts.converged)],
    ...(state === 'settled' ? [] : [['Waiting for a recheck', count(pending.candidates)] as const]),
    ...(convergence ? [['Slowest arrival', spanWords(convergence.longestMs)] as const] : []),
    ['Time', spanWords(elapsedMs)],
  ] as const;
}
