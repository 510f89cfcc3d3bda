/** The page of a run. It follows the run, and loads beside it what changes less often: gate, map, known rows. */
import type { GateAnswer, KnownAnswer, RunFleet, RunReport, ShardMap } from '@rowparity/contracts';
import { differencesOf } from '@rowparity/contracts/words/verdictWords';
import { Component, type ComponentChild, h } from 'preact';
import { answerOf } from './answer.ts';
import { answerView } from './answerView.ts';
import { askJson, TokenNeeded } from './asking.ts';
import { causesView } from './causesView.ts';
import { commandsView } from './commandsView.ts';
import { fleetView } from './fleetView.ts';
import { followedView } from './followedView.ts';
import { frame } from './frame.ts';
import { KNOWN_SHOWN_MAX, knownView } from './knownView.ts';
import { followRun, type Link } from './liveFeed.ts';
import { phasesView } from './phasesView.ts';
import { plotsView } from './plotsView.ts';
import { Refreshed } from './refreshed.ts';
import type { ScreenInput } from './runsScreen.ts';
import { scopeView } from './scopeView.ts';
import { ShardMapView } from './shardMapView.ts';
import { TablesView } from './tablesView.ts';
import { throttleView } from './throttleView.ts';
import { timeWords } from './timeWords.ts';

export interface RunInput extends ScreenInput {
  readonly id: string;
}

interface RunScreenState {
  readonly report: RunReport | undefined;
  /** When the report came. */
  readonly newsAt: number | undefined;
  readonly link: Link;
  /** Why the link is not as it should be. */
  readonly linkMessage: string | undefined;
  /** There is no such run, or it cannot be read. */
  readonly stopped: string | undefined;
  readonly gate: GateAnswer | undefined;
  readonly map: ShardMap | undefined;
  readonly known: KnownAnswer | undefined;
  readonly fleet: RunFleet | undefined;
  /** What could not be loaded beside the report. */
  readonly problem: string | undefined;
  readonly now: number;
}

/** Ages and the time since the last news are told by it. */
const TICK_MS = 5000;
const GATE_REST_MS = 3000;
/** A verdict ages while it is looked at. */
const GATE_AGAIN_MS = 60_000;
const MAP_REST_MS = 5000;
const KNOWN_REST_MS = 15_000;
const FLEET_REST_MS = 4000;

export class RunScreen extends Component<RunInput, RunScreenState> {
  override state: RunScreenState = {
    ...{ report: undefined, newsAt: undefined, link: 'opening', linkMessage: undefined, stopped: undefined },
    ...{
      gate: undefined,
      map: undefined,
      known: undefined,
      fleet: undefined,
      problem: undefined,
      now: Date.now(),
    },
  };
  #stopFeed: () => void = () => undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #path = `/v1/runs/${encodeURIComponent(this.props.id)}`;
  readonly #gate = this.#refreshed(GATE_REST_MS, async (signal) => {
    this.setState({ gate: await askJson<GateAnswer>(`${this.#path}/gate`, signal) });
  });
  readonly #map = this.#refreshed(MAP_REST_MS, async (signal) => {
    this.setState({ map: await askJson<ShardMap>(`${this.#path}/shards/map`, signal) });
  });
  readonly #known = this.#refreshed(KNOWN_REST_MS, async (signal) => {
    const query = `limit=${KNOWN_SHOWN_MAX}&order=newest`;
    this.setState({ known: await askJson<KnownAnswer>(`${this.#path}/known?${query}`, signal) });
  });
  readonly #fleet = this.#refreshed(FLEET_REST_MS, async (signal) => {
    this.setState({ fleet: await askJson<RunFleet>(`${this.#path}/fleet`, signal) });
  });

  override componentDidMount(): void {
    this.#stopFeed = followRun(this.props.id, {
      onReport: (report) => {
        const now = Date.now();
        this.setState({ report, now, newsAt: now }, () => this.#refresh());
      },
      onLink: (link, linkMessage) => this.setState({ link, linkMessage }),
      onStop: (error) => this.#onStop(error),
    });
    this.#timer = setInterval(() => {
      this.setState({ now: Date.now() });
      this.#refresh();
    }, TICK_MS);
  }

  override componentWillUnmount(): void {
    this.#stopFeed();
    clearInterval(this.#timer);
    for (const refreshed of [this.#gate, this.#map, this.#known, this.#fleet]) refreshed.stop();
  }

  #onStop(error: Error): void {
    if (error instanceof TokenNeeded) this.props.onTokenNeeded();
    else this.setState({ stopped: error.message });
  }

  #refreshed(restMs: number, load: (signal: AbortSignal) => Promise<void>): Refreshed {
    const onFault = (error: Error) => {
      if (error instanceof TokenNeeded) this.props.onTokenNeeded();
      else
        this.setState({ problem: `A part of the page could not be loaded; trying again. ${error.message}` });
    };
    const loaded = async (signal: AbortSignal) => {
      await load(signal);
      this.setState({ problem: undefined });
    };
    return new Refreshed({ restMs, load: loaded, onFault });
  }

  /** Each is wanted again when what it is made of has changed. */
  #refresh(): void {
    const { report, link } = this.state;
    if (!report || link === 'lost') return;
    const now = Date.now();
    const { state, shards, counts, createdAt } = report;
    const rows = differencesOf(counts);
    // The gate of an open run is always closed.
    if (state === 'settled')
      this.#gate.want(JSON.stringify([rows, createdAt, Math.floor(now / GATE_AGAIN_MS)]), now);
    this.#map.want(JSON.stringify([state, shards, createdAt]), now);
    this.#known.want(JSON.stringify([state, rows]), now);
    // Workers come and go without a trace in the report.
    if (state !== 'settled') this.#fleet.want(`${now}`, now);
  }

  override render({ id }: RunInput, state: RunScreenState) {
    const { report, stopped, now } = state;
    const trail = h('span', { 'aria-current': 'page' }, id);
    if (stopped !== undefined)
      return frame({ title: id, trail }, [
        h('h1', null, 'This run cannot be shown'),
        h('p', { role: 'alert' }, stopped),
        h('p', null, h('a', { href: '/' }, 'All runs')),
      ]);
    const news = linkView(state);
    if (!report) return frame({ title: id, trail, link: news }, h('p', { class: 'quiet' }, 'Loading…'));
    const { gate, map, known, fleet } = state;
    const settledGate = report.state === 'settled' ? gate : undefined;
    const { lead } = answerOf(report, settledGate, now);
    return frame({ title: `${lead} ${id}`, trail, link: news }, [
      answerView({ report, gate: settledGate, now }),
      phasesView({ report, map, now }),
      causesView(report),
      throttleView(report, now),
      fleetView({ report, fleet }),
      followedView(report),
      h(TablesView, { report }),
      knownView({ report, known, now }),
      map ? h(ShardMapView, { map }) : null,
      map ? plotsView({ report, map, now }) : null,
      commandsView(report),
      scopeView({ report, gate, now }),
    ]);
  }
}

const LINK_WORDS: Readonly<Record<Link, string>> = {
  opening: 'Connecting…',
  live: 'Live',
  slow: 'Every 10 seconds: the reporter has many viewers',
  lost: 'Connection lost; trying again.',
  ended: '',
};

function linkView({ link, linkMessage, problem, newsAt, now }: RunScreenState): ComponentChild {
  const since = newsAt === undefined ? '' : ` Shown as of ${timeWords(newsAt, now)}.`;
  const words =
    link === 'lost'
      ? `${linkMessage ?? LINK_WORDS.lost}${since}`
      : (problem ?? linkMessage ?? LINK_WORDS[link]);
  return h('p', { class: `link ${link}`, role: 'status' }, words);
}
