/** A migration: may it go on from its stage, and why not. */
import type { MigrationGateAnswer } from '@rowparity/contracts';
import { many } from '@rowparity/contracts/words/numberWords';
import { Component, type ComponentChild, h } from 'preact';
import { askJson } from './asking.ts';
import { commandsOfMigration } from './commands.ts';
import { commandList } from './commandsView.ts';
import { factList, frame, reasons, section } from './frame.ts';
import { Polling } from './polling.ts';
import type { ScreenInput } from './runsScreen.ts';
import { STAGE_WORDS } from './stageWords.ts';
import { agoWords, spanWords, timeWords } from './timeWords.ts';

export interface MigrationInput extends ScreenInput {
  readonly id: string;
}

interface MigrationState {
  readonly gate: MigrationGateAnswer | undefined;
  readonly problem: string | undefined;
  readonly now: number;
}

export class MigrationScreen extends Component<MigrationInput, MigrationState> {
  override state: MigrationState = { gate: undefined, problem: undefined, now: Date.now() };
  readonly #polling = new Polling({
    load: async (signal) => {
      const gate = await askJson<MigrationGateAnswer>(`/v1/migrations/${this.props.id}/gate`, signal);
      this.setState({ gate, problem: undefined, now: Date.now() });
    },
    onProblem: (problem) => this.setState({ problem }),
    onTokenNeeded: () => this.props.onTokenNeeded(),
  });

  override componentDidMount(): void {
    void this.#polling.ask();
  }

  override componentWillUnmount(): void {
    this.#polling.stop();
  }

  override render({ id }: MigrationInput, { gate, problem, now }: MigrationState) {
    const trail = h('span', { 'aria-current': 'page' }, id);
    const link = h('p', { class: 'link', role: 'status' }, problem ?? '');
    if (!gate)
      return frame({ title: id, trail, link }, h('p', { class: 'quiet' }, problem ? '' : 'Loading…'));
    return frame({ title: id, trail, link }, [
      answer(gate),
      section('Where it stands', facts(gate, now)),
      gate.reasons.length > 0
        ? section('Why not', reasons(gate.reasons.map(({ message }) => message)))
        : null,
      commandList(commandsOfMigration(gate)),
    ]);
  }
}

function answer({ ready, stage, migrationId, reasons: whyNot }: MigrationGateAnswer): ComponentChild {
  const mood = ready ? 'good' : whyNot.some(({ code }) => code === 'DIFFERENCES') ? 'bad' : 'unknown';
  const why = ready ? 'Its gate is open: nothing speaks against the next stage.' : (whyNot[0]?.message ?? '');
  return h('div', { class: `answer ${mood}` }, [
    h('p', { class: 'kind' }, `Migration ${migrationId}, stage “${STAGE_WORDS[stage]}”: may it go on?`),
    h('div', { role: 'status' }, [
      h('h1', null, ready ? 'YES.' : 'NOT YET.'),
      h('p', { class: 'reason' }, why),
    ]),
  ]);
}

function facts(gate: MigrationGateAnswer, now: number): ComponentChild {
  const { lastRun, quiet, direction, knownDifferences } = gate;
  return factList([
    ['Trusted side', direction === 'SRC' ? 'the source' : 'the destination'],
    [
      'Last full run',
      lastRun ? h('a', { href: `/runs/${lastRun.runId}` }, lastRun.runId) : 'none has ended yet',
    ],
    ...(lastRun?.comparedTo
      ? [['Compared', `${timeWords(lastRun.comparedTo, now)}, ${agoWords(lastRun.comparedTo, now)}`] as const]
      : []),
    ['Quiet for', `${many(quiet.runs, 'full run', 'full runs')}, ${spanWords(quiet.forMs)}`],
    ...(knownDifferences === null ? [] : [['Known differences', `${knownDifferences}`] as const]),
  ]);
}
