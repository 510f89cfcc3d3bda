// Server processes of this machine under a guardian: start, kill, pause, resume, start again.
// Knows nothing about what a server is; readiness is asked of the caller.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import type { Guardian } from './guardian.ts';
import type { Faults } from './server.ts';
import { type Answers, untilAnswers } from './untilAnswers.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Both output streams are appended here; its end is quoted when the process fails. */
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface NativePlan extends Command {
  readonly name: string;
  /** Deleted by stop. */
  readonly folder: string;
  readonly answers: Answers;
}

// A server on a busy two-core machine answers within seconds; two minutes means that it never will.
const START_DEADLINE_MS = 120_000;
const LOG_TAIL_LINES = 40;

/** Starts the server and resolves when it answers. */
export async function startNative(
  guardian: Guardian,
  plan: NativePlan,
): Promise<Faults & { stop(): Promise<void> }> {
  let child: ChildProcess | undefined;

  const start = async () => {
    if (child !== undefined && isRunning(child)) return;
    const started = await spawnGuarded(guardian, plan);
    child = started;
    try {
      await untilAnswers(plan.answers, { deadlineMs: START_DEADLINE_MS, isAlive: () => isRunning(started) });
    } catch (cause) {
      await killGroup(started);
      throw new Error(`${plan.name} did not start: ${plan.file}\n${await tail(plan.logFile)}`, { cause });
    }
  };
  const signal = async (name: NodeJS.Signals) => {
    if (child === undefined || !isRunning(child)) throw new Error(`${plan.name} is not running`);
    process.kill(-groupOf(child), name);
  };
  const kill = async () => {
    if (child !== undefined) await killGroup(child);
  };
  const stop = async () => {
    await kill();
    await rm(plan.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  };

  await start();
  return { start, kill, stop, pause: () => signal('SIGSTOP'), resume: () => signal('SIGCONT') };
}

/** Runs a command to its end; throws with the end of its output when it fails. */
export async function runToEnd(guardian: Guardian, command: Command): Promise<void> {
  const child = await spawnGuarded(guardian, command);
  child.ref();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  if (child.exitCode === 0) return;
  const how = child.signalCode ?? `exit code ${child.exitCode}`;
  throw new Error(`${command.file} failed (${how})\n${await tail(command.logFile)}`);
}

async function spawnGuarded(guardian: Guardian, command: Command): Promise<ChildProcess> {
  const log = openSync(command.logFile, 'a');
  try {
    // Detached gives a process group of its own: one signal reaches wrapper scripts and their children.
    const child = spawn(command.file, command.args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: command.env ?? process.env,
    });
    await once(child, 'spawn');
    const group = groupOf(child);
    guardian.guard(group);
    child.once('exit', () => guardian.forget(group));
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

async function killGroup(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  child.ref();
  const gone = once(child, 'exit');
  process.kill(-groupOf(child), 'SIGKILL');
  await gone;
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function groupOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('the process has no id: it was never spawned');
  return child.pid;
}

async function tail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
}
