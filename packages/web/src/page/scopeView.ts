/** What the answer is about: the servers, the gate in full, the notes, and what it does not prove. */
import type { GateAnswer, ReportedPlace, RunReport } from '@rowparity/contracts';
import { limitWords } from '@rowparity/contracts/words/verdictWords';
import { type ComponentChild, h } from 'preact';
import { section } from './frame.ts';
import { timeWords, utcWords } from './timeWords.ts';

export interface ScopeInput {
  readonly report: RunReport;
  readonly gate: GateAnswer | undefined;
  readonly now: number;
}

export function scopeView({ report, gate, now }: ScopeInput): readonly ComponentChild[] {
  const { source, destination, direction, createdAt, generation, follows, notes } = report;
  const facts: readonly (readonly [string, ComponentChild])[] = [
    ['Source', placeWords(source)],
    ['Destination', placeWords(destination)],
    [
      'Trusted side',
      direction === 'SRC'
        ? 'the source: a repair copies from it'
        : 'the destination: a repair copies from it',
    ],
    ['Ordered', h('span', { title: utcWords(createdAt) }, timeWords(createdAt, now))],
    ...(generation > 1 ? [['Run of its series', `${generation}`] as const] : []),
    ...(follows === null
      ? []
      : [['Looks at what was known of', h('a', { href: `/runs/${follows}` }, follows)] as const]),
  ];
  return [
    gateView(gate),
    notes.length > 0
      ? section(
          'Notes',
          h(
            'ul',
            { class: 'reasons' },
            notes.map(({ message }) => h('li', null, message)),
          ),
        )
      : null,
    section('What was compared', [
      h(
        'dl',
        { class: 'facts' },
        facts.map(([name, value]) => h('div', null, [h('dt', null, name), h('dd', null, value)])),
      ),
    ]),
    section(
      'What this does not prove',
      h(
        'ul',
        { class: 'reasons' },
        limitWords(report).map((words) => h('li', null, words)),
      ),
    ),
  ];
}

function gateView(gate: GateAnswer | undefined): ComponentChild {
  if (!gate) return null;
  const { ready, reasons } = gate;
  return section(
    'The gate',
    ready
      ? h('p', null, [h('span', { class: 'tag good' }, 'open'), ' Nothing speaks against the next stage.'])
      : [
          h('p', null, [h('span', { class: 'tag bad' }, 'closed'), ' It opens when none of these is left:']),
          h(
            'ul',
            { class: 'reasons' },
            reasons.map(({ message }) => h('li', null, message)),
          ),
        ],
  );
}

function placeWords({ connection, server }: ReportedPlace): string {
  if (!server) return `connection ${connection}; its server was not asked yet`;
  const { database, host, port, version } = server;
  return `${connection}: database ${database} on ${host}:${port}, version ${version}`;
}
