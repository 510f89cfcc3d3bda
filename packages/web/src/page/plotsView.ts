/** Two plots: the rate, and how what was seen different ended. */
import type { RunReport, ShardMap } from '@rowparity/contracts';
import { type ComponentChild, h } from 'preact';
import { convergenceWords, courseOf, rateWords } from './courses.ts';
import { section } from './frame.ts';
import { Plot } from './plot.ts';

export interface PlotsInput {
  readonly report: RunReport;
  readonly map: ShardMap;
  readonly now: number;
}

export function plotsView({ report, map, now }: PlotsInput): ComponentChild {
  const { timeline, at: readAt } = map;
  const course = courseOf(timeline, report.settledAt === null ? readAt : (report.comparedTo ?? readAt));
  if (!course || !timeline) return null;
  const { times, converged, confirmed } = course;
  const isStill = converged.at(-1) === 0 && confirmed.at(-1) === 0;
  return section(
    'In the course of time',
    h('div', { class: 'plots' }, [
      h(Plot, {
        ...{ title: 'Rows a second', words: rateWords(course, now), times },
        lines: [{ name: 'rows/s', color: '--rate', values: course.rowsPerSecond, isFilled: true }],
      }),
      isStill
        ? null
        : h(Plot, {
            ...{ title: 'Seen different', words: convergenceWords(course, timeline), times },
            lines: [
              { name: 'became equal', color: '--match', values: converged },
              { name: 'confirmed', color: '--differs', values: confirmed, isDashed: true },
            ],
          }),
    ]),
  );
}
