/** The answer, first and large, with when and on what it rests. */
import type { GateAnswer, RunReport } from '@rowparity/contracts';
import { count } from '@rowparity/contracts/words/numberWords';
import { type ComponentChild, h } from 'preact';
import { type Age, answerOf, type Mood } from './answer.ts';
import { download } from './asking.ts';
import { copyButton } from './copyButton.ts';
import { agoWords, timeWords, utcWords } from './timeWords.ts';

/** Beside the colour, for those who do not see it. */
const SIGNS: Readonly<Record<Mood, string>> = { good: '✓', bad: '✗', unknown: '?', open: '…' };
const AGE_WORDS: Readonly<Record<Age, string>> = {
  fresh: '',
  aging: ' A verdict ages: what changed since is not in it.',
  old: ' This verdict is old: order a new run before you rely on it.',
};

export interface AnswerInput {
  readonly report: RunReport;
  readonly gate: GateAnswer | undefined;
  readonly now: number;
}

export function answerView({ report, gate, now }: AnswerInput): ComponentChild {
  const { mood, lead, sentence, age } = answerOf(report, gate, now);
  return h('div', { class: `answer ${mood} ${age}` }, [
    h('p', { class: 'kind' }, ['May I cut over? ', h('span', { class: 'ids' }, sidesWords(report))]),
    h('div', { class: 'verdict', role: 'status' }, [
      h('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[mood]),
      h('div', null, [h('h1', null, lead), h('p', { class: 'reason' }, sentence)]),
    ]),
    h('p', { class: 'rests' }, [...restsOn(report, now), AGE_WORDS[age]]),
    documents(report),
  ]);
}

function sidesWords({ direction, source, destination }: RunReport): string {
  const right = direction === 'SRC' ? source.connection : destination.connection;
  return `${source.connection} → ${destination.connection}; ${right} is right`;
}

function restsOn({ comparedFrom, comparedTo, counts }: RunReport, now: number) {
  const test =
    counts.planted > 0
      ? ` · self-test: ${count(counts.caught)} of ${count(counts.planted)} planted differences found`
      : '';
  if (comparedFrom === null || comparedTo === null) return ['Nothing was compared yet.', test];
  const [from, upTo] = [timeWords(comparedFrom, now), timeWords(comparedTo, now)];
  const span = from === upTo ? `at ${upTo}` : `${from} to ${upTo}`;
  return [
    'Compared ',
    h('time', { dateTime: new Date(comparedTo).toISOString(), title: utcWords(comparedTo) }, span),
    ` · oldest row compared ${agoWords(comparedFrom, now)}${test}.`,
  ];
}

function documents({ runId, state }: RunReport): ComponentChild {
  const save = (path: string, name: string, words: string) =>
    h('button', { type: 'button', onClick: () => void download(`/v1/runs/${runId}/${path}`, name) }, words);
  return h('p', { class: 'documents' }, [
    copyButton(() => location.href, 'Copy link'),
    save('report', `${runId}.report.json`, 'Report'),
    state === 'settled' ? save('certificate', `${runId}.certificate.ndjson`, 'Certificate') : null,
  ]);
}
