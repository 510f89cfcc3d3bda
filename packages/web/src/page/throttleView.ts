/** Times in which no reading began on a server, and why; and the pause of the run itself. */
import type { HostPause, RunReport } from '@rowparity/contracts';
import { type ComponentChild, h } from 'preact';
import { section } from './frame.ts';
import { spanWords, timeWords } from './timeWords.ts';

const SHOWN_MAX = 6;

export function throttleView({ pauses, paused, runId }: RunReport, now: number): ComponentChild {
  if (pauses.length === 0 && !paused) return null;
  return section('Why it waits', [
    paused
      ? h('p', null, ['A person paused this run. To go on: ', h('code', null, `rowparity resume ${runId}`)])
      : null,
    h(
      'ul',
      { class: 'reasons' },
      pauses.slice(0, SHOWN_MAX).map((pause) => h('li', null, pauseWords(pause, now))),
    ),
  ]);
}

function pauseWords({ host, from, to, reasons }: HostPause, now: number): string {
  const when =
    to === null
      ? `since ${timeWords(from, now)} (${spanWords(now - from)})`
      : `${timeWords(from, now)}, for ${spanWords(to - from)}`;
  return `${host}: ${reasons.map(({ message }) => message).join('; ')}; ${when}`;
}
