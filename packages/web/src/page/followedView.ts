/** What became of the differences that an earlier run knew, and which run that was. */
import type { RunReport } from '@rowparity/contracts';
import { count } from '@rowparity/contracts/words/numberWords';
import { type ComponentChild, h } from 'preact';
import { factList, section } from './frame.ts';

export function followedView(report: RunReport): ComponentChild {
  const { follows, counts } = report;
  if (follows === null) return null;
  const { knownNew, knownStill, knownResolved, knownUnstable, knownHidden } = counts;
  const facts = [
    ['New', count(knownNew)],
    ['Still different', count(knownStill)],
    ['Resolved', count(knownResolved)],
    ...(knownUnstable > 0 ? [['Still changing', count(knownUnstable)] as const] : []),
    ...(knownHidden > 0 ? [['Not told apart', count(knownHidden)] as const] : []),
  ] as const;
  return section('Since the run before', [
    h('p', { class: 'quiet' }, [
      'Compared with ',
      h('a', { href: `/runs/${follows}` }, follows),
      `: ${sinceWords(report)}`,
    ]),
    factList(facts, 'numbers'),
  ]);
}

/** Pure. */
export function sinceWords({ counts, state }: RunReport): string {
  const { knownNew, knownStill, knownResolved } = counts;
  const soFar = state === 'settled' ? '' : ' so far';
  if (knownNew + knownStill === 0)
    return knownResolved > 0
      ? `every difference that it knew and that was looked at is gone${soFar}.`
      : `no difference is new and none is left${soFar}.`;
  if (knownNew === 0) return `nothing new${soFar}.`;
  return knownStill === 0
    ? `all that differs is new${soFar}.`
    : `some differences are new, some are old${soFar}.`;
}
