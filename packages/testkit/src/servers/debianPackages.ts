// Installs missing server packages on Debian and Ubuntu when we are root; says so before. Refuses elsewhere with
// the command to type. Packages' own services are not started: we start processes of our own.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findBinary } from './binaries.ts';

export interface Installer {
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

const LOCK_WAIT_S = 600;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
const COMMAND_OF_APT = ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300', 'install', '--no-install-recommends'];

// One apt at a time inside this process; flock does the same between processes.
const installed = new Set<string>();
let queue: Promise<unknown> = Promise.resolve();

/** Installs the packages unless they were installed while we waited; throws an error that says how to. */
export function installPackages(installer: Installer, packages: readonly string[]): Promise<void> {
  const turn = queue.then(async () => {
    if (packages.every((name) => installed.has(name))) return;
    await install(installer, packages);
    for (const name of packages) installed.add(name);
  });
  queue = turn.catch(() => undefined);
  return turn;
}

async function install({ env, say }: Installer, packages: readonly string[]): Promise<void> {
  const byHand = `apt-get install --no-install-recommends ${packages.join(' ')}`;
  if (!findBinary(env, 'apt-get'))
    throw new Error(`not installed, and no apt-get here (on Debian: ${byHand})`);
  if (process.getuid?.() !== 0) throw new Error(`not installed: run 'sudo ${byHand}'`);
  say(`installing with apt-get: ${packages.join(' ')}`);
  try {
    await apt(env, [...COMMAND_OF_APT, ...packages]);
  } catch {
    // Fresh machines have no package lists, old ones have stale lists: an update fixes both.
    await apt(env, ['-q', 'update']);
    await apt(env, [...COMMAND_OF_APT, ...packages]);
  }
}

async function apt(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<void> {
  // apt's own lock option does not cover the package lists, so two updates at once would fail.
  const lock = join(existsSync('/run/lock') ? '/run/lock' : tmpdir(), 'rowparity-apt.lock');
  const options = {
    // RUNLEVEL=1 tells Debian's invoke-rc.d that this is no time to start services.
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    maxBuffer: OUTPUT_BYTES_MAX,
  };
  await promisify(execFile)('flock', ['-w', String(LOCK_WAIT_S), lock, 'apt-get', ...args], options);
}
