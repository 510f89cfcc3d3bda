/**
 * One check from its settings to its exit code: choose the run, plan it, drain its shards, settle it. If the process
 * ends early, the ledger holds how far the run was.
 */
import { hostname } from 'node:os';
import { differencesOf, type FailureCode, Fault, type RunReport } from '@rowparity/contracts';
import {
  type Advanced,
  advanceRun,
  type ClosableSink,
  ConvergenceTimes,
  type EventSink,
  type LedgerReadings,
  type PauseReadings,
  PlanCache,
  positionNotes,
  Quarantine,
  readWholeRun,
  reportOf,
  WaitingShards,
  type WholeRun,
} from '@rowparity/core';
import { EXIT, systemClock } from '@rowparity/runtime';
import { isStandardOutput } from '../output/standardOutput.ts';
import { exitCodeOf } from '../services/exitCodeOf.ts';
import { chooseRun, draftSpec, type TakenRun } from './chooseRun.ts';
import { commandWords } from './commandWords.ts';
import { type Databases, openDatabases } from './databases.ts';
import { writeDocuments } from './documents.ts';
import { drainShards } from './drainShards.ts';
import { dryRunPlan } from './dryRunPlan.ts';
import { afterMinutes, limitedSink } from './earlyEnd.ts';
import { openEvents } from './eventsOut.ts';
import { expectTables } from './expectTables.ts';
import { nextCommands } from './nextCommands.ts';
import { removeOldLedgers } from './oldLedgers.ts';
import { type Progress, showProgress } from './progress.ts';
import { eventsPath, STATE_FOLDER } from './runNames.ts';
import { saidBefore } from './said.ts';
import { expectSamePlan } from './samePlan.ts';
import type { CheckSettings } from './settings.ts';
import { stoppingSink } from './stoppingSink.ts';
import { listenForStop, type StopSignals } from './stopSignals.ts';
import { tellingSink } from './tellingSink.ts';
import { Voice } from './voice.ts';

/** A bug or a full disk says nothing about the databases, so they do not end the run. */
const LEFT_OPEN: ReadonlySet<FailureCode> = new Set(['INTERNAL', 'LEDGER_UNUSABLE']);

interface Check {
  readonly settings: CheckSettings;
  readonly databases: Databases;
  readonly taken: TakenRun;
  readonly signal: AbortSignal;
  readonly stop: StopSignals['stop'];
  readonly say: (line: string) => void;
  /** Where the events go: a file, or `-`. */
  readonly events: string;
  /** Undefined before the run begins. */
  readonly progress?: Progress;
}

/** Resolves to the exit code. */
export async function runCheck(settings: CheckSettings): Promise<number> {
  const voice = new Voice();
  const say = (line: string) => voice.say(line);
  const databases = openDatabases(settings.targets, settings);
  const { texts, ledger, isResume } = settings;
  const database = settings.targets.source.database;
  const stop = listenForStop(say);
  let taken: TakenRun | undefined;
  try {
    await databases.connect();
    const input = { texts, refs: databases.refs, database, ledger, isResume, now: systemClock.now() };
    if (!settings.isKeepGoing) await expectTables(draftSpec(input), databases, stop.signal);
    taken = await chooseRun(input);
    await tidyUp(taken, input.now);
    const events = settings.events ?? eventsPath(taken.runId);
    return await runToEnd({ settings, databases, taken, ...stop, say, events }, voice);
  } finally {
    stop.stopListening();
    await taken?.ledger.close();
    await databases.close();
  }
}

/** Only in the default folder: a file named with --ledger belongs to the user. */
async function tidyUp({ path }: TakenRun, now: number): Promise<void> {
  await removeOldLedgers({ folder: STATE_FOLDER, inUse: path, now });
}

async function runToEnd(check: Check, voice: Voice): Promise<number> {
  const { settings, taken, say, events } = check;
  for (const line of saidBefore(check, (await runNow(taken)).spec)) say(line);
  const sink = await openSink(check);
  const progress = showProgress(() => reportNow(taken, check.databases.budget?.pauses), {
    isQuiet: settings.isQuiet,
    isFresh: !taken.isResumed,
    isEventsOnTerminal: process.stdout.isTTY === true && (await isStandardOutput(events)),
  });
  voice.through(progress);
  const { maxMinutes } = settings.earlyEnd;
  const stopTimer = afterMinutes(maxMinutes, () =>
    check.stop(`${maxMinutes} minutes have passed (--max-minutes)`),
  );
  try {
    let isLimitReached = false;
    const onLimit = () => {
      isLimitReached = true;
    };
    await advance({ ...check, progress }, sinkOf(check, { sink, progress, onLimit }));
    const report = (await reportNow(taken)) as RunReport;
    if (report.state !== 'settled') {
      const words = `stopped at ${report.percent} %. Continue with the same command and --resume (ledger ${taken.path}).`;
      if (isAsked(settings)) progress.end(report, nextCommands(report, events));
      else progress.stop();
      say(words);
      // Their events are out, though their counts may not be committed.
      const isDiffering = isLimitReached || (isAsked(settings) && differencesOf(report.counts) > 0);
      return isDiffering ? EXIT.inconsistent : EXIT.inconclusive;
    }
    const isWritten = await writeDocuments({ settings, taken, run: await runNow(taken), say }, report);
    progress.end(report, nextCommands(report, events));
    return isWritten ? exitCodeOfCheck(report) : EXIT.inconclusive;
  } finally {
    stopTimer();
    progress.stop();
    await sink.close();
  }
}

interface SinkInput {
  readonly sink: EventSink;
  readonly progress: Progress;
  onLimit(): void;
}

/** The file or stream of the events, with all that looks at them on their way. */
function sinkOf(
  { settings, stop, events }: Check,
  { sink, progress: { sayFound }, onLimit }: SinkInput,
): EventSink {
  const { limit } = settings.earlyEnd;
  const told = sayFound ? tellingSink(sink, { place: events, say: sayFound }) : sink;
  const limited = limitedSink(told, limit, () => {
    onLimit();
    stop(`${limit} ${limit === 1 ? 'row differs' : 'rows differ'} (--limit)`);
  });
  return stoppingSink(limited, ({ message }) => stop(message.replace(/\.$/, '')));
}

function isAsked({ earlyEnd: { limit, maxMinutes } }: CheckSettings): boolean {
  return limit !== undefined || maxMinutes !== undefined;
}

async function openSink({ taken, events }: Check): Promise<ClosableSink> {
  const { format } = (await runNow(taken)).spec.events;
  return openEvents(events, { format, isResumed: taken.isResumed });
}

/** Takes the run from its present state to `settled`, unless the signal aborts. */
async function advance(check: Check, sink: EventSink): Promise<void> {
  const { taken, databases, signal } = check;
  const before = await runNow(taken);
  if (before.state === 'running') {
    await dryRunPlan(before.spec, { databases, signal }, (again) => expectSamePlan(before, again)).catch(
      unlessAborted(signal),
    );
  }
  let isDrained = false;
  while (!signal.aborted) {
    const { kind } = await step(check).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return { kind: 'stopped' } as const;
    });
    if (kind === 'planned') continue;
    if ((kind !== 'opened' && kind !== 'waiting') || isDrained) return;
    await workOnRun(check, sink);
    isDrained = true;
  }
}

function step({ taken: { ledger, runId }, databases, signal, progress }: Check): Promise<Advanced> {
  const onAsked = progress?.onAsked;
  const deps = {
    ledger,
    clock: systemClock,
    catalog: databases.catalog,
    isLeftOpen,
    ...(onAsked && { onAsked }),
  };
  return advanceRun({ runId, isThorough: true }, deps, signal);
}

/**
 * A fault that a person must repair ends the run, so the next command begins a new one. A lost server leaves the run
 * open for `--resume`.
 */
function isLeftOpen(error: unknown): boolean {
  return !(error instanceof Fault) || error.class === 'transient' || LEFT_OPEN.has(error.code);
}

async function workOnRun({ taken, settings, databases, signal, say }: Check, sink: EventSink): Promise<void> {
  const run = await runNow(taken);
  if (!settings.isQuiet) for (const { message } of positionNotes(run)) say(commandWords(message));
  const { ledger } = taken;
  const deps = {
    ledger,
    readPlan: new PlanCache(ledger).read,
    openReaders: databases.openReaders,
    openSink: () => sink,
    clock: systemClock,
    holder: `${hostname()}:${process.pid}`,
    quarantine: new Quarantine(),
    convergence: new ConvergenceTimes(),
    waiting: new WaitingShards(),
    budget: databases.budget,
  };
  await drainShards({ run, deps, concurrency: settings.concurrency, signal });
}

function unlessAborted(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}

/** If nothing at all could be compared, the command or the databases are wrong. */
function exitCodeOfCheck(report: RunReport): number {
  const isNothingCompared = report.verdict === 'inconclusive' && report.shards.total === 0;
  return isNothingCompared ? EXIT.configuration : exitCodeOf(report);
}

type Ordered = { readonly ledger: LedgerReadings; readonly runId: string };

async function runNow({ ledger, runId }: Ordered): Promise<WholeRun> {
  return (await readWholeRun(runId, ledger)) as WholeRun;
}

function reportNow({ ledger, runId }: Ordered, pauses?: PauseReadings): Promise<RunReport | undefined> {
  return reportOf(runId, { ledger, pauses }, systemClock.now());
}
