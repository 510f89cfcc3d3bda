// A small shell that outlives this process by a moment: it holds a pipe to us, and when the pipe closes
// (we stopped, crashed, or were killed with SIGKILL) it kills every registered process group and deletes
// the folder. It is the only taking-down there is, so that each ordinary stop tests the emergency too.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Guardian {
  /** Deleted in the end, with everything in it. */
  readonly folder: string;
  /** From now on this process group dies with us. */
  guard(processGroup: number): void;
  /** Must be called when a group has ended: the system may reuse its number. */
  forget(processGroup: number): void;
  /** Kills what is guarded and deletes the folder. */
  end(): Promise<void>;
}

// `-s KILL --` is the one spelling for a process group that dash takes too. A killed server may be writing
// for a moment longer, so rm is tried again.
const SCRIPT = `
trap '' INT TERM HUP
folder=$1 groups=
while read -r verb group; do
  case $verb in
    guard) groups="$groups $group" ;;
    forget) kept=; for g in $groups; do [ "$g" = "$group" ] || kept="$kept $g"; done; groups=$kept ;;
  esac
done
for g in $groups; do kill -s KILL -- "-$g" 2>/dev/null; done
tries=0
until rm -rf -- "$folder" 2>/dev/null || [ $tries -ge 50 ]; do tries=$((tries + 1)); sleep 0.1; done
`;

export async function startGuardian(): Promise<Guardian> {
  const folder = await mkdtemp(join(tmpdir(), 'rowparity-'));
  // Detached: a Ctrl-C in the terminal reaches us alone, and the shell works when we are gone.
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'rowparity-guardian', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  await once(shell, 'spawn');
  const ended = once(shell, 'exit');
  shell.unref();
  if ('unref' in shell.stdin && typeof shell.stdin.unref === 'function') shell.stdin.unref();
  return {
    folder,
    guard: (group) => void shell.stdin.write(`guard ${group}\n`),
    forget: (group) => void (shell.stdin.writable && shell.stdin.write(`forget ${group}\n`)),
    end: async () => {
      shell.ref();
      shell.stdin.end();
      if (shell.exitCode === null) await ended;
    },
  };
}
