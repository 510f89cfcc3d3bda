/**
 * One check from its settings to its exit code: choose the run, plan it, drain its shards, settle it. If the process
 * ends early, the ledger holds how far the run was.
 */
import { hostname } from 'node:os';
import { type FailureCode, Fault, printable, type RunReport } from '@rowparity/contracts';
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
import { type Databases, openDatabases } from './databases.ts';
import { writeDocuments } from './documents.ts';
import { drainShards } from './drainShards.ts';
import { dryRunPlan } from './dryRunPlan.ts';
import { openEvents } from './eventsOut.ts';
import { expectTables } from './expectTables.ts';
import { foundWords } from './foundWords.ts';
import { removeOldLedgers } from './oldLedgers.ts';
import { showProgress } from './progress.ts';
import { STATE_FOLDER } from './runNames.ts';
import { saidBefore } from './said.ts';
import { expectSamePlan } from './samePlan.ts';
import type { CheckSettings } from './settings.ts';
import { stoppingSink } from './stoppingSink.ts';
import { listenForStop, type StopSignals } from './stopSignals.ts';

/** A bug or a full disk says nothing about the databases, so they do not end the run. */
const LEFT_OPEN: ReadonlySet<FailureCode> = new Set(['INTERNAL', 'LEDGER_UNUSABLE']);

interface Check {
  readonly settings: CheckSettings;
  readonly databases: Databases;
  readonly taken: TakenRun;
  readonly signal: AbortSignal;
  readonly stop: StopSignals['stop'];
  readonly say: (line: string) => void;
}

/** Resolves to the exit code. */
export async function runCheck(settings: CheckSettings): Promise<number> {
  const say = (line: string) => process.stderr.write(`rowparity: ${printable(line)}\n`);
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
    return await runToEnd({ settings, databases, taken, ...stop, say });
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

async function runToEnd(check: Check): Promise<number> {
  const { settings, taken, say } = check;
  for (const line of saidBefore(check, (await runNow(taken)).spec)) say(line);
  const sink = await openSink(check);
  const progress = showProgress(() => reportNow(taken, check.databases.budget?.pauses), {
    isQuiet: settings.isQuiet,
    isFresh: !taken.isResumed,
    isEventsOnTerminal: process.stdout.isTTY === true && (await isStandardOutput(settings.events)),
  });
  try {
    await advance(
      check,
      stoppingSink(sink, ({ message }) => check.stop(message.replace(/\.$/, ''))),
    );
    const report = (await reportNow(taken)) as RunReport;
    if (report.state !== 'settled') {
      say(
        `stopped at ${report.percent} %. Continue with the same command and --resume (ledger ${taken.path}).`,
      );
      return EXIT.inconclusive;
    }
    const isWritten = await writeDocuments({ settings, taken, run: await runNow(taken), say }, report);
    progress.end(report);
    if (!settings.isQuiet) {
      const { events } = settings;
      for (const line of await foundWords({ report, ledger: taken.ledger, events })) {
        process.stderr.write(`${printable(line)}\n`);
      }
    }
    return isWritten ? exitCodeOfCheck(report) : EXIT.inconclusive;
  } finally {
    progress.stop();
    await sink.close();
  }
}

async function openSink({ settings, taken }: Check): Promise<ClosableSink> {
  const { format } = (await runNow(taken)).spec.events;
  return openEvents(settings.events, { format, isResumed: taken.isResumed });
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

function step({ taken: { ledger, runId }, databases, signal }: Check): Promise<Advanced> {
  const deps = { ledger, clock: systemClock, catalog: databases.catalog, isLeftOpen };
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
  if (!settings.isQuiet) for (const { message } of positionNotes(run)) say(message);
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
