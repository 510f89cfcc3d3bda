/** Why not: a cause a card, with what to do. */
import type { RunReport } from '@rowparity/contracts';
import { many } from '@rowparity/contracts/words/numberWords';
import { type ComponentChild, h } from 'preact';
import { causesOf } from './causes.ts';
import { reasons, section } from './frame.ts';

export function causesView(report: RunReport): ComponentChild {
  const causes = causesOf(report);
  if (causes.length === 0) return null;
  const items = causes.map(({ mood, title, places, ways, advice, code }) =>
    h('li', { class: mood }, [
      h('h3', null, title),
      h('p', { class: 'places' }, places),
      ways.length === 0 ? null : reasons(ways),
      h('p', { class: 'advice' }, [
        advice,
        code ? h('span', { class: 'code' }, [' ', h('code', null, code)]) : null,
      ]),
    ]),
  );
  return section(
    'Why not, and what to do',
    h('ul', { class: 'causes' }, items),
    h('p', { class: 'quiet' }, many(causes.length, 'cause', 'causes')),
  );
}
