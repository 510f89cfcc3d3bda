/** Rows that differ, by their keys, in the order of the answer: the newest first. Values are never here. */
import type { KnownAnswer, RunReport } from '@rowparity/contracts';
import { causeWords } from '@rowparity/contracts/words/causeWords';
import { count, many } from '@rowparity/contracts/words/numberWords';
import { differenceWords } from '@rowparity/contracts/words/verdictWords';
import { type ComponentChild, h } from 'preact';
import { section } from './frame.ts';
import { timeWords, utcWords } from './timeWords.ts';

type Known = KnownAnswer['known'][number];

export const KNOWN_SHOWN_MAX = 50;

const STATE_WORDS: Readonly<Record<Known['state'], string>> = {
  open: 'known before, not looked at yet',
  found: '',
  new: 'new',
  still: 'still there',
  resolved: 'resolved',
};

export interface KnownInput {
  readonly report: RunReport;
  readonly known: KnownAnswer | undefined;
  readonly now: number;
}

export function knownView({ report, known, now }: KnownInput): ComponentChild {
  if (!known || known.known.length === 0) return null;
  const judged = report.direction === 'SRC' ? 'destination' : 'source';
  const newest = known.known.slice(0, KNOWN_SHOWN_MAX);
  const kept = known.tables.reduce((sum, table) => sum + table.kept, 0);
  const rows = newest.map((row) =>
    h('tr', { key: `${row.table} ${row.rowId}` }, [
      h('th', { scope: 'row' }, row.table),
      h('td', { 'data-name': 'key' }, h('code', null, keyWords(row))),
      h('td', { 'data-name': 'what' }, h('span', null, [differenceWords(row.type, judged), stateTag(row)])),
      h('td', { 'data-name': 'columns' }, columnWords(row)),
      h('td', { 'data-name': 'seen last', title: utcWords(row.lastSeen) }, timeWords(row.lastSeen, now)),
    ]),
  );
  const head = ['table', 'key', 'what', 'columns', 'seen last'].map((name) =>
    h('th', { scope: 'col' }, name),
  );
  return section('Rows that differ', [
    h('div', { class: 'wide', tabIndex: 0, role: 'region', 'aria-label': 'Their keys' }, [
      h('table', { class: 'cards known' }, [h('thead', null, h('tr', null, head)), h('tbody', null, rows)]),
    ]),
    h('p', { class: 'quiet' }, restWords({ shown: newest.length, kept, known, runId: report.runId })),
  ]);
}

function keyWords({ key }: Known): string {
  return Object.entries(key)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : `0x${value.hex}`}`)
    .join(', ');
}

function stateTag({ state }: Known): ComponentChild {
  return STATE_WORDS[state] === '' ? null : h('span', { class: 'quiet' }, ` · ${STATE_WORDS[state]}`);
}

function columnWords({ columns, causes }: Known): string {
  return columns
    .map((name, i) => {
      const cause = causes?.[i];
      return cause && cause.code !== 'other' ? `${name} (${causeWords(cause)})` : name;
    })
    .join(', ');
}

function restWords(input: {
  readonly shown: number;
  readonly kept: number;
  readonly known: KnownAnswer;
  readonly runId: string;
}): string {
  const { shown, kept, known, runId } = input;
  const beyond = known.tables.reduce((sum, table) => sum + table.beyond, 0);
  const whole =
    kept > shown
      ? `These are the newest ${count(shown)} of ${many(kept, 'key', 'keys')} that the run keeps. `
      : '';
  const lost =
    beyond > 0
      ? `${many(beyond, 'further difference is', 'further differences are')} in the events alone. `
      : '';
  return `${whole}${lost}"rowparity known ${runId}" lists them; "rowparity diff" shows both rows side by side.`;
}
