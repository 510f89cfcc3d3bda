// Checks, one after the other, of databases that are written to, until the time is over. True when every event of every
// run was true and every planted difference was found.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Direction } from '@rowparity/contracts';
import { seededRandom } from '@rowparity/testkit';
import { checkLive, type LiveCheck } from './checkLive.ts';
import { FALSE_BY_TIME_MAX, judgeLive, type LiveJudgement, plantedKey } from './judgeLive.ts';
import type { LiveOptions } from './options.ts';
import { readTruth, type TrueDifference } from './truth.ts';
import { type LiveWorld, openLiveWorld, type Way } from './world.ts';

/** About so many shards in the largest table. */
const SHARDS = 8;
/** Changes that are on their way before a check begins. */
const WARM_UP_MS = 2000;
/** A replica stands still from this time on, before or after the check begins: what is read is behind, or will be. */
const STOP_FROM_MS = { earliest: -3000, latest: 2000 } as const;
const LINES_SHOWN = 20;

export interface LiveRound {
  readonly name: string;
  readonly direction: Direction;
  readonly check: LiveCheck;
  readonly judgement: LiveJudgement;
  /** None when it was right. */
  readonly problems: readonly string[];
}

export async function runLive(options: LiveOptions, signal: AbortSignal): Promise<boolean> {
  const { seed, minutes, rows, rate, ways } = options;
  const counted = rows.toLocaleString('en');
  console.log(`Rowparity live: seed ${seed}, ${minutes} minutes, ${counted} rows, ${rate} changes a second`);
  const endMs = performance.now() + minutes * 60_000;
  const rounds: LiveRound[] = [];
  for (const [i, way] of ways.entries()) {
    const shareMs = (endMs - performance.now()) / (ways.length - i);
    rounds.push(...(await liveRounds(way, { ...options, untilMs: performance.now() + shareMs, signal })));
  }
  const right = rounds.filter(({ problems }) => problems.length === 0).length;
  console.log(`\n${right} runs were right, ${rounds.length - right} were not (seed ${seed})`);
  return right === rounds.length && rounds.length > 0;
}

interface WayOptions extends LiveOptions {
  readonly untilMs: number;
  readonly signal: AbortSignal;
}

export async function liveRounds(way: Way, options: WayOptions): Promise<readonly LiveRound[]> {
  const { seed, rows, untilMs, signal } = options;
  console.log(`\n${way}`);
  const random = seededRandom(seed);
  await using world = await openLiveWorld({ ...options, way, random, say });
  await mustDifferAsPlanted(world);
  const shardRows = Math.ceil(rows / SHARDS);
  const calm = await checkLive(world, { direction: 'SRC', shardRows }, signal);
  say(`without writes: ${calm.seconds.toFixed(1)} s, ${calm.report.counts.candidates} candidates`);
  const rounds: LiveRound[] = [];
  do {
    const direction = rounds.length % 2 === 0 ? 'SRC' : 'DST';
    const name = `${way} ${rounds.length + 1}, direction ${direction}`;
    const stopFromMs = random.int(STOP_FROM_MS.earliest, STOP_FROM_MS.latest);
    rounds.push(await oneRound(world, { ...options, name, direction, shardRows, calm, stopFromMs }));
  } while (performance.now() < untilMs && !signal.aborted);
  await mustDifferAsPlanted(world);
  return rounds;
}

interface RoundOptions extends WayOptions {
  readonly name: string;
  readonly direction: Direction;
  readonly shardRows: number;
  readonly calm: LiveCheck;
  /** When the replica begins to stand still, from the beginning of the check on. */
  readonly stopFromMs: number;
}

async function oneRound(world: LiveWorld, options: RoundOptions): Promise<LiveRound> {
  const { name, direction, shardRows, calm, signal, stopMs, stopFromMs } = options;
  const { application, places } = world;
  application.resume();
  await sleep(WARM_UP_MS, undefined, { signal });
  application.take();
  const beginMs = performance.now();
  const stop = stopMs > 0 ? world.standStill : undefined;
  const still = stop && standStill(stop, { stopMs, afterMs: Math.max(0, stopFromMs) }, signal);
  if (still) await sleep(Math.max(0, -stopFromMs), undefined, { signal });
  const broken = AbortSignal.any([signal, application.broken]);
  const check = await checkLive(world, { direction, shardRows }, broken);
  const { changes, lagsMs } = application.take();
  const rate = changes / ((performance.now() - beginMs) / 1000);
  await still;
  await world.untilStill();
  const truth = await readTruth(world.servers, world.database);
  const { counts, verdict } = check.report;
  const { candidates } = counts;
  const judgement = judgeLive({
    ...{ direction, verdict, events: check.events, plants: places.plants, truth },
  });
  const problems = problemsOf(world, { judgement, truth, candidates });
  const isRight = problems.length === 0;
  const lagMs = world.standStill ? stopMs : (quantile(lagsMs, 0.99) ?? 0);
  console.log(`${isRight ? '✓' : '✗'} ${name}: ${verdict}`);
  say(
    `${candidates} candidates, ${counts.converged} converged, ${judgement.found} planted found, ${judgement.unstable} of them unstable, ${judgement.missed.length} missed, ${judgement.falseEvents.length} false (${judgement.falseToggles} toggling)`,
  );
  const allowed = 1.5 * calm.seconds + lagMs / 1000;
  say(
    `${check.seconds.toFixed(1)} s (${(check.seconds / calm.seconds).toFixed(2)}× without writes; 1.5× and the lag are ${allowed.toFixed(1)} s), ${rate.toFixed(0)} changes a second, lag p50 ${lagOf(lagsMs, 0.5)}, p99 ${lagOf(lagsMs, 0.99)}`,
  );
  for (const line of problems.slice(0, LINES_SHOWN)) say(line);
  if (!isRight) console.log(check.said);
  return { name, direction, check, judgement, problems };
}

/** The replica applies nothing for a while. */
async function standStill(
  stop: NonNullable<LiveWorld['standStill']>,
  { stopMs, afterMs }: { readonly stopMs: number; readonly afterMs: number },
  signal: AbortSignal,
): Promise<void> {
  await sleep(afterMs, undefined, { signal });
  const start = await stop();
  await sleep(stopMs, undefined, { signal }).catch(() => undefined);
  await start();
}

interface Judged {
  readonly judgement: LiveJudgement;
  readonly truth: readonly TrueDifference[];
  readonly candidates: number;
}

function problemsOf(world: LiveWorld, { judgement, truth, candidates }: Judged): readonly string[] {
  const { falseEvents, falseToggles, problems } = judgement;
  // Without a position, a row that toggles may look still at every look.
  const isByTime = world.standStill === undefined;
  const isAllowed =
    isByTime && falseToggles === falseEvents.length && falseToggles <= candidates * FALSE_BY_TIME_MAX;
  return [
    ...problems,
    ...(isAllowed ? [] : falseEvents.map((name) => `false: ${name}`)),
    ...strangersIn(world, truth).map((name) => `differs and was not planted: ${name}`),
  ];
}

/** Rows that differ although nothing was planted there: the application or this test is broken. */
function strangersIn({ places }: LiveWorld, truth: readonly TrueDifference[]): readonly string[] {
  const planted = new Set(places.plants.map((one) => JSON.stringify(plantedKey(one))));
  return truth.map((one) => JSON.stringify(one)).filter((name) => !planted.has(name));
}

async function mustDifferAsPlanted(world: LiveWorld): Promise<void> {
  await world.untilStill();
  const truth = await readTruth(world.servers, world.database);
  const strangers = strangersIn(world, truth);
  if (strangers.length > 0) throw new Error(`rows differ that were not planted: ${strangers.slice(0, 5)}`);
  say(`${truth.length} of ${world.places.plants.length} planted differences stand, nothing else differs`);
}

function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function lagOf(lagsMs: readonly number[], share: number): string {
  const ms = quantile(lagsMs, share);
  return ms === undefined ? 'not measured' : `${Math.round(ms)} ms`;
}

function say(line: string): void {
  console.log(`  ${line}`);
}
