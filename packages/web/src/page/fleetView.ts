/** One line of who works on an open run: coordinator, workers, queue, and servers that make it wait. */
import type { RunFleet, RunReport } from '@rowparity/contracts';
import { many } from '@rowparity/contracts/words/numberWords';
import { type ComponentChild, h } from 'preact';
import { section } from './frame.ts';

export interface FleetPart {
  readonly words: string;
  /** A person should look at it. */
  readonly isTrouble: boolean;
}

export interface FleetInput {
  readonly report: RunReport;
  readonly fleet: RunFleet | undefined;
}

/** A settled run has no fleet. */
export function fleetView({ report, fleet }: FleetInput): ComponentChild {
  if (!fleet || report.state === 'settled') return null;
  const parts = fleetParts(report, fleet).map(({ words, isTrouble }) =>
    h('li', { class: isTrouble ? 'trouble' : 'well' }, [
      h('span', { 'aria-hidden': 'true' }, isTrouble ? '▲ ' : '● '),
      words,
    ]),
  );
  const names = fleet.workers.map(({ name, shards }) => `${name} (${shards})`).join(', ');
  return section('Fleet', h('ul', { class: 'fleet', title: names }, parts));
}

/** Pure. */
export function fleetParts(report: RunReport, fleet: RunFleet): readonly FleetPart[] {
  return [
    fleet.isLed
      ? { words: 'a coordinator leads', isTrouble: false }
      : { words: 'no coordinator leads: nothing is planned or settled', isTrouble: true },
    workersPart(report, fleet),
    ...(fleet.jobs.waiting > 0
      ? [
          {
            words: `${many(fleet.jobs.waiting, 'shard waits', 'shards wait')} for a worker`,
            isTrouble: false,
          },
        ]
      : []),
    ...report.pauses.filter(({ to }) => to === null).map(pausePart),
  ];
}

function workersPart({ state, paused, shards }: RunReport, fleet: RunFleet): FleetPart {
  const { workersTotal, jobs } = fleet;
  if (workersTotal > 0) {
    const who = many(workersTotal, 'worker holds', 'workers hold');
    return { words: `${who} ${many(fleet.shards, 'shard', 'shards')} of this run`, isTrouble: false };
  }
  if (state !== 'running' || paused || shards.planned === 0)
    return { words: 'no worker is needed now', isTrouble: false };
  if (jobs.active > 0) return { words: 'the workers are busy with other runs', isTrouble: false };
  return { words: 'no worker takes shards: is one running?', isTrouble: true };
}

function pausePart({ host, reasons }: RunReport['pauses'][number]): FleetPart {
  const why = [...new Set(reasons.map(({ kind }) => kind))].join(', ');
  return { words: `${host} makes it wait (${why})`, isTrouble: true };
}
