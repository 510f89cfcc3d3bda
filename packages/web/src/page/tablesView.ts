/** The tables: those that need a person, those in work, and folded those that match. */
import type { RunReport, TableReport } from '@rowparity/contracts';
import { count, many } from '@rowparity/contracts/words/numberWords';
import { differenceWords } from '@rowparity/contracts/words/verdictWords';
import { Component, type ComponentChild, h } from 'preact';
import { section } from './frame.ts';
import { type SortedTables, STATE_WORDS, sortedTables, type TableRow } from './tableRows.ts';

export interface TablesInput {
  readonly report: RunReport;
}

type Folded = 'waiting' | 'matching';

interface TablesState {
  readonly filter: string;
  readonly open: readonly Folded[];
}

/** A browser shows so many rows at once without a pause; the filter finds the others. */
const ROWS_MAX = 300;

export class TablesView extends Component<TablesInput, TablesState> {
  override state: TablesState = { filter: '', open: [] };

  override render({ report }: TablesInput, { filter }: TablesState) {
    const sorted = sortedTables(report, filter);
    const { needing, running, waiting, matching } = sorted;
    const onInput = (event: { readonly currentTarget: HTMLInputElement }) =>
      this.setState({ filter: event.currentTarget.value });
    const shown = [...needing, ...running];
    const field = h('label', { class: 'filter' }, [
      'Filter ',
      h('input', { type: 'search', id: 'table-filter', value: filter, onInput }),
    ]);
    return section(
      'Tables',
      [
        h('p', { class: 'quiet', role: 'status' }, summary(sorted)),
        shown.length > 0 ? rows(shown, report, 'Tables that need a person, or are in work') : null,
        this.#folded('waiting', waiting, many(waiting.length, 'table waits', 'tables wait')),
        this.#folded('matching', matching, many(matching.length, 'table matches', 'tables match')),
      ],
      report.tables.length > 1 ? field : null,
    );
  }

  /** Rows are made when they are looked at. */
  #folded(name: Folded, list: readonly TableRow[], words: string): ComponentChild {
    if (list.length === 0) return null;
    const { open } = this.state;
    const onToggle = (event: { readonly currentTarget: HTMLDetailsElement }) => {
      const others = this.state.open.filter((other) => other !== name);
      this.setState({ open: event.currentTarget.open ? [...others, name] : others });
    };
    return h('details', { class: 'folded', open: open.includes(name), onToggle }, [
      h('summary', null, words),
      open.includes(name) ? rows(list, this.props.report, words) : null,
    ]);
  }
}

function summary({ needing, running, waiting, matching }: SortedTables): string {
  const parts = [
    ...(needing.length > 0
      ? [`${count(needing.length)} ${needing.length === 1 ? 'needs' : 'need'} a person`]
      : []),
    ...(running.length > 0 ? [`${count(running.length)} in work`] : []),
    ...(waiting.length > 0 ? [`${count(waiting.length)} waiting`] : []),
    ...(matching.length > 0
      ? [`${count(matching.length)} ${matching.length === 1 ? 'matches' : 'match'}`]
      : []),
  ];
  if (parts.length === 0) return 'No table has this name.';
  // A single group says it by itself.
  return parts.length > 1 ? parts.join(' · ') : '';
}

function numberNames({ direction }: RunReport): readonly string[] {
  const judged = direction === 'SRC' ? 'destination' : 'source';
  return [
    ...['rows on source', 'rows on destination'],
    differenceWords('target_missing', judged),
    differenceWords('neq', judged),
    differenceWords('base_missing', judged),
  ];
}

function rows(list: readonly TableRow[], report: RunReport, label: string): ComponentChild {
  const head = [
    h('th', { scope: 'col' }, 'table'),
    h('th', { scope: 'col' }, 'result'),
    ...numberNames(report).map((name) => h('th', { scope: 'col', class: 'number' }, name)),
  ];
  const more = list.length - ROWS_MAX;
  return h('div', { class: 'wide', tabIndex: 0, role: 'region', 'aria-label': label }, [
    h('table', { class: 'cards' }, [
      h('thead', null, h('tr', null, head)),
      h(
        'tbody',
        null,
        list.slice(0, ROWS_MAX).map((row) => tableRow(row, report)),
      ),
    ]),
    more > 0 ? h('p', { class: 'quiet' }, `And ${count(more)} more: use the filter.`) : null,
  ]);
}

function tableRow({ table, state }: TableRow, report: RunReport): ComponentChild {
  const { name, shards, refusal } = table;
  const done = shards.match + shards.differs + shards.inconclusive;
  const share = done < shards.total ? ` ${Math.floor((100 * done) / shards.total)} %` : '';
  return h('tr', { key: name }, [
    h('th', { scope: 'row' }, name),
    h('td', null, [
      h('span', { class: `tag ${state}` }, STATE_WORDS[state]),
      h('span', { class: 'quiet' }, share),
    ]),
    ...(refusal ? [h('td', { colSpan: 5, class: 'refusal' }, refusal.message)] : numberCells(table, report)),
  ]);
}

/** On a telephone there is no head: a cell says its name. */
function numberCells({ counts }: TableReport, report: RunReport): readonly ComponentChild[] {
  const { rowsBase, rowsTarget, targetMissing, neq, baseMissing } = counts;
  const sides = report.direction === 'SRC' ? [rowsBase, rowsTarget] : [rowsTarget, rowsBase];
  const names = numberNames(report);
  return [...sides, targetMissing, neq, baseMissing].map((number, i) =>
    h(
      'td',
      { class: i > 1 && number > 0 ? 'number found' : 'number', 'data-name': names[i] },
      number === 0 ? '–' : count(number),
    ),
  );
}
