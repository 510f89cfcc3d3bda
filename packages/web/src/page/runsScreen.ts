/** The list of migrations and runs, the newest first. */
import type { ReportedMigrations, ReportedRuns } from '@rowparity/contracts';
import { Component, type ComponentChild, h } from 'preact';
import { askJson } from './asking.ts';
import { frame, section } from './frame.ts';
import { Polling } from './polling.ts';
import { differencesWords } from './seriesWords.ts';
import { STAGE_WORDS } from './stageWords.ts';
import { agoWords, spanWords, utcWords } from './timeWords.ts';

export interface ScreenInput {
  onTokenNeeded(): void;
}

type Run = ReportedRuns['runs'][number];

interface RunsState {
  readonly list: ReportedRuns | undefined;
  readonly migrations: ReportedMigrations | undefined;
  readonly filter: string;
  /** Runs that are asked for: further ones come with the button. */
  readonly limit: number;
  readonly problem: string | undefined;
  readonly now: number;
}

const FIRST = 50;
const MOST = 200;

export class RunsScreen extends Component<ScreenInput, RunsState> {
  override state: RunsState = {
    ...{ list: undefined, migrations: undefined, filter: '', limit: FIRST },
    ...{ problem: undefined, now: Date.now() },
  };
  readonly #polling = new Polling({
    load: async (signal) => {
      const [list, migrations] = await Promise.all([
        askJson<ReportedRuns>(`/v1/runs?limit=${this.state.limit}`, signal),
        askJson<ReportedMigrations>('/v1/migrations', signal),
      ]);
      this.setState({ list, migrations, problem: undefined, now: Date.now() });
    },
    onProblem: (problem) => this.setState({ problem, now: Date.now() }),
    onTokenNeeded: () => this.props.onTokenNeeded(),
  });

  override componentDidMount(): void {
    void this.#polling.ask();
  }

  override componentWillUnmount(): void {
    this.#polling.stop();
  }

  override render(_: ScreenInput, { list, migrations, problem, filter, now, limit }: RunsState) {
    const link = h('p', { class: 'link', role: 'status' }, problem ?? '');
    if (!list || !migrations)
      return frame({ title: 'Runs', link }, [
        h('h1', null, 'Runs'),
        h('p', { class: 'quiet' }, problem === undefined ? 'Loading…' : ''),
      ]);
    const onFilter = (event: { readonly currentTarget: HTMLInputElement }) =>
      this.setState({ filter: event.currentTarget.value });
    const onMore = () => this.setState({ limit: MOST }, () => void this.#polling.ask());
    const runs = list.runs.filter(({ runId }) => runId.includes(filter.trim()));
    return frame({ title: 'Runs', link }, [
      h('h1', null, 'Runs'),
      migrations.migrations.length > 0 ? section('Migrations', migrationsTable(migrations)) : null,
      section(
        'All runs',
        [
          runs.length === 0
            ? h('p', { class: 'quiet' }, noRunsWords(list, filter))
            : runsTable(runs, list.runs, now),
          list.unreadable.length > 0 ? unreadable(list) : null,
          list.next !== null && limit < MOST
            ? h('button', { type: 'button', onClick: onMore }, 'Show more runs')
            : null,
        ],
        h('label', { class: 'filter' }, [
          'Filter ',
          h('input', { type: 'search', value: filter, onInput: onFilter }),
        ]),
      ),
    ]);
  }
}

function noRunsWords({ runs }: ReportedRuns, filter: string): string {
  return runs.length === 0
    ? 'There is no run yet. Order one with "rowparity submit run.json".'
    : `No run has "${filter.trim()}" in its id.`;
}

function runsTable(runs: readonly Run[], all: readonly Run[], now: number): ComponentChild {
  const head = ['Run', 'Answer', 'Rows that differ', 'Ordered', 'Took'].map((word) =>
    h('th', { scope: 'col' }, word),
  );
  return h('div', { class: 'wide', tabIndex: 0, role: 'region', 'aria-label': 'List of runs' }, [
    h('table', { class: 'cards' }, [
      h('thead', null, h('tr', null, head)),
      h(
        'tbody',
        null,
        runs.map((run) => runRow(run, differencesWords(run, all), now)),
      ),
    ]),
  ]);
}

function runRow(run: Run, differences: string, now: number): ComponentChild {
  const { runId, createdAt, settledAt } = run;
  const [mood, words] = runWords(run);
  return h('tr', { key: runId }, [
    h('th', { scope: 'row' }, h('a', { href: `/runs/${runId}` }, runId)),
    h('td', null, h('span', { class: `tag ${mood}` }, words)),
    h('td', { 'data-name': 'rows that differ' }, differences),
    h('td', { 'data-name': 'ordered', title: utcWords(createdAt) }, agoWords(createdAt, now)),
    h('td', { 'data-name': 'took' }, settledAt === null ? '' : spanWords(settledAt - createdAt)),
  ]);
}

function runWords({ state, verdict, paused }: Run): readonly [mood: string, words: string] {
  if (state !== 'settled')
    return paused ? ['open', 'paused'] : ['open', state === 'running' ? 'comparing' : 'being planned'];
  switch (verdict) {
    case 'consistent':
      return ['good', 'equal'];
    case 'inconsistent':
      return ['bad', 'rows differ'];
    default:
      return ['unknown', 'no proof'];
  }
}

function migrationsTable({ migrations }: ReportedMigrations): ComponentChild {
  const head = ['Migration', 'Stage', 'Newest run'].map((word) => h('th', { scope: 'col' }, word));
  const rows = migrations.map(({ migrationId, stage, runId }) =>
    h('tr', { key: migrationId }, [
      h('th', { scope: 'row' }, h('a', { href: `/migrations/${migrationId}` }, migrationId)),
      h('td', null, STAGE_WORDS[stage]),
      h('td', null, runId === null ? 'none yet' : h('a', { href: `/runs/${runId}` }, runId)),
    ]),
  );
  return h('div', { class: 'wide', tabIndex: 0, role: 'region', 'aria-label': 'List of migrations' }, [
    h('table', null, [h('thead', null, h('tr', null, head)), h('tbody', null, rows)]),
  ]);
}

function unreadable({ unreadable: runs }: ReportedRuns): ComponentChild {
  return h('p', { class: 'problem' }, [
    'The records of these runs cannot be read: ',
    runs.map(({ runId }) => runId).join(', '),
    `. ${runs[0]?.message ?? ''}`,
  ]);
}
