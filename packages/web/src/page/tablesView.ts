/** The tables: those that need a person, those in work, and folded those that match. */
import type { RunReport } from '@rowparity/contracts';
import { count, many } from '@rowparity/contracts/words/numberWords';
import { differenceWords } from '@rowparity/contracts/words/verdictWords';
import { Component, type ComponentChild, h } from 'preact';
import { section } from './frame.ts';
import { STATE_WORDS, sortedTables, type TableRow } from './tableRows.ts';

export interface TablesInput {
  readonly report: RunReport;
}

interface TablesState {
  readonly filter: string;
  readonly isOpen: boolean;
}

/** A browser shows so many rows at once without a pause; the filter finds the others. */
const ROWS_MAX = 300;

export class TablesView extends Component<TablesInput, TablesState> {
  override state: TablesState = { filter: '', isOpen: false };

  override render({ report }: TablesInput, { filter, isOpen }: TablesState) {
    const { needing, open, matching } = sortedTables(report, filter);
    const onInput = (event: { readonly currentTarget: HTMLInputElement }) =>
      this.setState({ filter: event.currentTarget.value });
    const onToggle = (event: { readonly currentTarget: HTMLDetailsElement }) =>
      this.setState({ isOpen: event.currentTarget.open });
    const shown = [...needing, ...open];
    const field = h('label', { class: 'filter' }, [
      'Filter ',
      h('input', { type: 'search', id: 'table-filter', value: filter, onInput }),
    ]);
    return section(
      'Tables',
      [
        h('p', { class: 'quiet', role: 'status' }, summary(needing.length, open.length, matching.length)),
        shown.length > 0 ? rows(shown, report, 'Tables that need a person, or are in work') : null,
        matching.length > 0
          ? h('details', { class: 'matching', open: isOpen, onToggle }, [
              h('summary', null, many(matching.length, 'table matches', 'tables match')),
              isOpen ? rows(matching, report, 'Tables that match') : null,
            ])
          : null,
      ],
      report.tables.length > 1 ? field : null,
    );
  }
}

function summary(needing: number, open: number, matching: number): string {
  if (needing + open + matching === 0) return 'No table has this name.';
  return [
    ...(needing > 0 ? [`${count(needing)} ${needing === 1 ? 'needs' : 'need'} a person`] : []),
    ...(open > 0 ? [`${count(open)} in work or waiting`] : []),
    `${count(matching)} ${matching === 1 ? 'matches' : 'match'}`,
  ].join(' · ');
}

function rows(list: readonly TableRow[], { direction }: RunReport, label: string): ComponentChild {
  const judged = direction === 'SRC' ? 'destination' : 'source';
  const numbers = [
    'rows on source',
    'rows on destination',
    differenceWords('target_missing', judged),
    differenceWords('neq', judged),
    differenceWords('base_missing', judged),
  ];
  const head = [
    h('th', { scope: 'col' }, 'table'),
    h('th', { scope: 'col' }, 'result'),
    ...numbers.map((name) => h('th', { scope: 'col', class: 'number' }, name)),
  ];
  const more = list.length - ROWS_MAX;
  return h('div', { class: 'wide', tabIndex: 0, role: 'region', 'aria-label': label }, [
    h('table', { class: 'tables' }, [
      h('thead', null, h('tr', null, head)),
      h(
        'tbody',
        null,
        list.slice(0, ROWS_MAX).map((row) => tableRow(row, direction)),
      ),
    ]),
    more > 0 ? h('p', { class: 'quiet' }, `And ${count(more)} more: use the filter.`) : null,
  ]);
}

function tableRow({ table, state }: TableRow, direction: RunReport['direction']): ComponentChild {
  const { name, counts, shards, refusal } = table;
  const [source, destination] =
    direction === 'SRC' ? [counts.rowsBase, counts.rowsTarget] : [counts.rowsTarget, counts.rowsBase];
  const done = shards.match + shards.differs + shards.inconclusive;
  const isOpen = done < shards.total;
  const numbers = [source, destination, counts.targetMissing, counts.neq, counts.baseMissing];
  return h('tr', { key: name }, [
    h('th', { scope: 'row' }, name),
    h('td', null, [
      h('span', { class: `tag ${state}` }, STATE_WORDS[state]),
      isOpen ? h('span', { class: 'quiet' }, ` ${Math.floor((100 * done) / shards.total)} %`) : null,
    ]),
    ...(refusal
      ? [h('td', { colSpan: numbers.length, class: 'refusal' }, refusal.message)]
      : numbers.map((number, i) =>
          h(
            'td',
            { class: i > 1 && number > 0 ? 'number found' : 'number' },
            number === 0 ? '–' : count(number),
          ),
        )),
  ]);
}
