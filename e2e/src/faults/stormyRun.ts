// One run with faults at random points of its progress, followed to its end through the services that still answer.

import { setTimeout as sleep } from 'node:timers/promises';
import type { RunReport, RunSpecInput, Verdict } from '@rowparity/contracts';
import { hasTopic, judge, readEvents, readReport, type SentEvent, submitRun } from '@rowparity/harness';
import type { SeededRandom } from '@rowparity/testkit';
import type { Fault } from './fault.ts';
import type { World } from './world.ts';

export interface StormyRun {
  readonly report: RunReport;
  readonly events: readonly SentEvent[];
  /** Every verdict that was reported, at any time. */
  readonly verdicts: ReadonlySet<Verdict>;
  /** Progress at each fault, in percent; fewer than the faults when the run was too short. */
  readonly struckAt: readonly number[];
}

export interface Storm {
  readonly faults: readonly Fault[];
  /** Faults happen within this part of the progress. */
  readonly percents?: readonly [first: number, last: number];
  readonly random: SeededRandom;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** A service takes twenty requests a second from one address. */
const POLL_MS = 60;
/** Early enough to leave work for the next faults. */
const USUAL_PERCENTS = [2, 60] as const;
/** A run whose faults are over ends in seconds; the slowest faults take a minute. */
const RUN_MS_MAX = 150_000;
const SUBMIT_TRIES = 50;

export async function stormyRun(
  world: World,
  spec: RunSpecInput & { readonly events: { readonly topic: string } },
  storm: Storm,
): Promise<StormyRun> {
  const { system, servers } = world;
  const signal = AbortSignal.any([
    system.broken,
    AbortSignal.timeout(RUN_MS_MAX),
    ...(storm.signal ? [storm.signal] : []),
  ]);
  const verdicts = new Set<Verdict>();
  const struckAt: number[] = [];
  await submit(world, spec);
  let report: RunReport | undefined;
  const striking = strikeAll(world, storm, {
    struckAt,
    percent: () => (report?.state === 'running' ? report.percent : report?.state === 'settled' ? 'over' : 0),
  });
  striking.catch(() => undefined);
  while (report?.state !== 'settled') {
    signal.throwIfAborted();
    report = await latestReport(world, spec.runId).catch(() => report);
    if (report?.verdict) verdicts.add(report.verdict);
    await sleep(POLL_MS);
  }
  await striking;
  const { topic } = spec.events;
  const from = { brokers: servers.kafka.brokers, topic, runId: spec.runId };
  const events = (await hasTopic(from)) ? await readEvents(from) : [];
  return { report, events, verdicts, struckAt };
}

interface Striking {
  readonly struckAt: number[];
  percent(): number | 'over';
}

/** One fault after the other, each after everything was restored. */
async function strikeAll(world: World, storm: Storm, { struckAt, percent }: Striking): Promise<void> {
  const { faults, percents = USUAL_PERCENTS, random, say } = storm;
  const points = faults.map(() => random.int(...percents)).sort((a, b) => a - b);
  for (const [turn, fault] of faults.entries()) {
    while (percent() !== 'over' && (percent() as number) < (points[turn] ?? 0)) await sleep(POLL_MS);
    const moment = percent();
    if (moment === 'over') return;
    struckAt.push(moment);
    const begin = performance.now();
    await fault.strike(world, random);
    say(
      `at ${moment.toFixed(0)} %: ${fault.name} (restored after ${((performance.now() - begin) / 1000).toFixed(1)} s)`,
    );
  }
}

async function latestReport({ system }: World, runId: string): Promise<RunReport> {
  return readReport(system.reporterUrl, runId);
}

async function submit({ system }: World, spec: RunSpecInput): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await submitRun(system.coordinatorUrl, spec);
      return;
    } catch (error) {
      if (tries === SUBMIT_TRIES) throw error;
      await sleep(POLL_MS * 4);
    }
  }
}

/** In which ways rows differ, and how many in each. */
function groupsOf({ report: { causes } }: StormyRun): ReadonlySet<string> {
  return new Set(causes.map(({ example: _, ...group }) => JSON.stringify(group)));
}

/** How often the self-test plants depends on how the shards are cut. */
const SELF_TEST: ReadonlySet<string> = new Set(['planted', 'caught']);

/** What is wrong with a run that had faults, beside one that had none. Empty when nothing is. */
export function differencesFromCalm(stormy: StormyRun, calm: StormyRun, { planted }: World): string[] {
  const { report, events, verdicts } = stormy;
  const judgement = judge(planted, events);
  const differing = Object.entries(calm.report.counts).filter(
    ([name, count]) => !SELF_TEST.has(name) && report.counts[name as keyof typeof report.counts] !== count,
  );
  return [
    ...(report.verdict === calm.report.verdict ? [] : [`the verdict is ${report.verdict}`]),
    ...(report.complete ? [] : ['not everything was compared']),
    ...(report.counts.caught === report.counts.planted ? [] : ['the self-test did not find what it planted']),
    ...report.failures.map(({ code, message }) => `${code}: ${message}`),
    ...differing.map(
      ([name, count]) => `${name}: ${report.counts[name as keyof typeof report.counts]} instead of ${count}`,
    ),
    ...[...groupsOf(calm)]
      .filter((group) => !groupsOf(stormy).has(group))
      .map((group) => `no group ${group}`),
    ...(verdicts.has('consistent') ? ['it was called consistent meanwhile'] : []),
    ...differencesOfNames(namesOf(calm.events), namesOf(events)),
    ...judgement.problems,
  ];
}

/** An event's id is made of run, table, key and type: two runs have the same events where all but the run agree. */
function namesOf(events: readonly SentEvent[]): Map<string, string> {
  return new Map(
    events.map(({ text, headers }) => {
      const { Table, Key, Type } = JSON.parse(quotedKeys(text)) as Record<string, unknown>;
      return [JSON.stringify([Table, Key, Type]), headers['rowparity-event-id'] ?? ''];
    }),
  );
}

/** Keys of 64 bits as texts, since JSON.parse would make doubles of them. */
function quotedKeys(text: string): string {
  return text.replaceAll(/:(-?\d{16,})/g, ':"$1"');
}

function differencesOfNames(
  calm: ReadonlyMap<string, string>,
  stormy: ReadonlyMap<string, string>,
): string[] {
  const missing = [...calm.keys()].filter((name) => !stormy.has(name));
  const strange = [...stormy.keys()].filter((name) => !calm.has(name));
  const ids = new Set(stormy.values());
  return [
    ...missing.map((name) => `no event ${name}`),
    ...strange.map((name) => `an event too many: ${name}`),
    ...(ids.size === stormy.size ? [] : ['two events share an id']),
  ];
}
