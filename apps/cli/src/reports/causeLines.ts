/** In which ways the rows of a run differ, the largest groups first. */
import { causeSentence, count, many, type RunReport } from '@rowparity/contracts';
import { placesOf } from './foundCounts.ts';

export function causeLines(report: RunReport, linesMax: number): string[] {
  const { causes, causesBeyond, direction } = report;
  const { judged } = placesOf(direction);
  const shown = causes.slice(0, linesMax);
  const more = causes.length - shown.length;
  return [
    ...shown.map((group) => causeSentence(group, judged)),
    ...(more > 0 ? [`and ${many(more, 'more group', 'more groups')}`] : []),
    ...(causesBeyond > 0 ? [`and ${count(causesBeyond)} times in ways that are not told apart`] : []),
  ];
}
