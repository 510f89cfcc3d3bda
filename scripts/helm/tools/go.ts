// The go command: compiles programs and fetches modules, both at a pinned version. Go's checksum database vouches for
// what comes.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, setPriority, tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { Unavailable } from './unavailable.ts';

const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
/** A download of 30 MB; compiling helm takes some minutes on two cores. */
const GO_MS = 20 * 60_000;

/** Compiles a program into the folder. */
export async function goInstall(program: string, folder: string): Promise<void> {
  await go(['install', program], { GOBIN: folder });
}

/** The same for a program whose module excludes or replaces others: `go install` refuses those. */
export async function goBuild(program: string, folder: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'rowparity-build-'));
  const [name = ''] = program.split('@');
  try {
    const here = { cwd: work };
    await go(['mod', 'init', 'rowparity.invalid/build'], {}, here);
    await go(['get', program], {}, here);
    await go(['build', '-mod=mod', '-o', `${folder}${sep}`, name], {}, here);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Hands over the module's files for as long as `read` takes; keeps none of them. */
export async function withGoModule(
  module: string,
  sum: string,
  read: (root: string) => Promise<void>,
): Promise<void> {
  const cache = await mkdtemp(join(tmpdir(), 'rowparity-module-'));
  try {
    const said = await go(['mod', 'download', '-json', module], {
      GOMODCACHE: cache,
      GOFLAGS: `${process.env.GOFLAGS ?? ''} -modcacherw`.trim(),
    });
    const { Dir, Sum } = JSON.parse(said) as { readonly Dir: string; readonly Sum: string };
    if (Sum !== sum) throw new Error(`${module}: expected the checksum ${sum}, found ${Sum}`);
    await read(Dir);
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

/** Elsewhere than in the folder for temporary files, which has no go.mod, modules of the folder have an effect. */
async function go(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { cwd }: { readonly cwd: string } = { cwd: tmpdir() },
): Promise<string> {
  const running = promisify(execFile)('go', [...args], {
    cwd,
    env: { ...process.env, ...env },
    maxBuffer: OUTPUT_BYTES_MAX,
    timeout: GO_MS,
  });
  yieldTo(running.child.pid);
  try {
    return (await running).stdout;
  } catch (error) {
    const { code, stderr, message } = error as { code?: unknown; stderr?: string; message: string };
    if (code === 'ENOENT') throw new Unavailable('there is no Go on this machine');
    throw new Unavailable(`go ${args[0]} failed: ${(stderr || message).trim().split('\n').at(-1)}`);
  }
}

/** Compiling takes every core; the servers of other tests want some, too. */
function yieldTo(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, or this system has no priorities.
  }
}
