// One app as a process of its own, as in production: configured by environment variables alone, its log in a file. It
// dies with the process that started it, even by SIGKILL (testkit's guardian).

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Guardian } from '@rowparity/testkit';
import { ROOT } from './root.ts';

export type AppName = 'coordinator' | 'worker' | 'reporter';

export interface AppOptions {
  readonly app: AppName;
  /** Names the log file: `worker-1`. */
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFolder: string;
  readonly guardian: Guardian;
}

export interface AppExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that was started; whether it serves is not known yet. */
export interface StartedApp {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  readonly exited: Promise<AppExit>;
  /** The address that the app logs; never settles when it ends before. */
  readonly listening: Promise<string>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open, nothing is done, and clocks go on. */
  pause(): void;
  resume(): void;
  /** SIGTERM, and SIGKILL when that takes too long; resolves when the process is gone. */
  stop(): Promise<void>;
}

export interface AppProcess extends StartedApp {
  readonly url: string;
}

/** Draining hands shards back within a second; what takes longer hangs. */
const STOP_MS_MAX = 15_000;
const LISTENING_MS_MAX = 60_000;
const LAST_LINES = 12;

export async function spawnApp({ app, name, env, logFolder, guardian }: AppOptions): Promise<StartedApp> {
  await mkdir(logFolder, { recursive: true });
  const logFile = join(logFolder, `${name}.log`);
  const child = spawn(process.execPath, [join(ROOT, 'apps', app, 'src', 'main.ts')], {
    cwd: ROOT,
    env: { ...inherited(), ROWPARITY_HTTP_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C in the terminal is for the starter, which then stops its apps in order.
    detached: true,
  });
  const exit = once(child, 'close').then(([code, signal]) => ({ code, signal }) as AppExit);
  await once(child, 'spawn');
  const pid = child.pid as number;
  guardian.guard(pid);
  const exited = exit.finally(() => guardian.forget(pid));
  const send = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return {
    name,
    pid,
    logFile,
    exited,
    listening: logAndListen(child, logFile),
    kill: () => send('SIGKILL'),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async stop() {
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
      await send('SIGTERM');
      clearTimeout(late);
    },
  };
}

/** Resolves when the app serves; throws with the end of its log when it does not. */
export async function startApp(options: AppOptions): Promise<AppProcess> {
  const app = await spawnApp(options);
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`${app.name} does not serve after ${LISTENING_MS_MAX / 1000} s`)),
    LISTENING_MS_MAX,
  );
  try {
    const url = await Promise.race([
      app.listening,
      late.promise,
      app.exited.then((exit) => ended(app, exit)),
    ]);
    return { ...app, url };
  } catch (error) {
    await app.kill();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The end of an app's log, for a person who looks for the reason of a failure. */
export async function lastLinesOf({ name, logFile }: Pick<StartedApp, 'name' | 'logFile'>): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n').slice(-LAST_LINES);
  return [`--- ${name}, end of ${logFile}`, ...lines].join('\n');
}

async function ended(app: StartedApp, { code, signal }: AppExit): Promise<never> {
  throw new Error(`${app.name} ended at start (${signal ?? `exit code ${code}`})\n${await lastLinesOf(app)}`);
}

/** What every program needs, and nothing that would configure an app behind its starter's back. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function logAndListen(child: ChildProcess, logFile: string): Promise<string> {
  const log = createWriteStream(logFile, { flags: 'w' });
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.pipe(log, { end: false });
  }
  child.once('close', () => log.end());
  if (child.stdout) {
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      const url = listeningUrl(line);
      if (url) resolve(url);
    });
  }
  return promise;
}

function listeningUrl(line: string): string | undefined {
  if (!line.includes('"listening"')) return undefined;
  const entry = JSON.parse(line) as { msg?: string; url?: string };
  return entry.msg === 'listening' ? entry.url : undefined;
}
