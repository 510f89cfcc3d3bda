/** What the answer is about: the servers, the gate in full, the notes, and what it does not prove. */
import type { GateAnswer, ReportedPlace, RunReport } from '@rowparity/contracts';
import { many } from '@rowparity/contracts/words/numberWords';
import { limitWords } from '@rowparity/contracts/words/verdictWords';
import { type ComponentChild, h } from 'preact';
import { factList, reasons, section } from './frame.ts';
import { runBefore } from './seriesWords.ts';
import { timeWords, utcWords } from './timeWords.ts';

const SCHEMAS_MAX = 20;

export interface ScopeInput {
  readonly report: RunReport;
  readonly gate: GateAnswer | undefined;
  readonly now: number;
}

export function scopeView({ report, gate, now }: ScopeInput): ComponentChild {
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
    ...(generation > 1 ? [['Run of its series', seriesPlace(report)] as const] : []),
    ...(follows === null
      ? []
      : [['Looks at what was known of', h('a', { href: `/runs/${follows}` }, follows)] as const]),
  ];
  return h('div', { class: 'scope' }, [
    gateView(gate),
    notes.length === 0 ? null : section('Notes', reasons(notes.map(({ message }) => message))),
    schemasView(report),
    section('What was compared', factList(facts)),
    section('What this does not prove', reasons(limitWords(report))),
  ]);
}

/** Told beside the rows, and judged by nothing. */
function schemasView({ tables }: RunReport): ComponentChild {
  const told = tables.flatMap(({ name, schemaDifferences }) =>
    schemaDifferences.length === 0 ? [] : [`${name}: ${schemaDifferences.join('; ')}`],
  );
  if (told.length === 0) return null;
  const more = told.length - SCHEMAS_MAX;
  const shown = [
    ...told.slice(0, SCHEMAS_MAX),
    ...(more > 0 ? [`and of ${many(more, 'more table', 'more tables')}`] : []),
  ];
  return section('Schemas differ beside the rows', reasons(shown));
}

function gateView(gate: GateAnswer | undefined): ComponentChild {
  if (!gate) return null;
  const closed = [
    h('p', null, [h('span', { class: 'tag bad' }, 'closed'), ' It opens when none of these is left:']),
    reasons(gate.reasons.map(({ message }) => message)),
  ];
  const open = h('p', null, [
    h('span', { class: 'tag good' }, 'open'),
    ' Nothing speaks against the next stage.',
  ]);
  return h('div', { class: 'gate' }, section('The gate', gate.ready ? open : closed));
}

function seriesPlace({ runId, generation }: RunReport): ComponentChild {
  const before = runBefore({ runId, generation });
  if (before === undefined) return `${generation}`;
  return [`${generation}, behind `, h('a', { href: `/runs/${before}` }, before)];
}

function placeWords({ connection, server }: ReportedPlace): string {
  if (!server) return `connection ${connection}; its server was not asked yet`;
  const { database, host, port, version } = server;
  return `${connection}: database ${database} on ${host}:${port}, version ${version}`;
}
