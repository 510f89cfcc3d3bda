// Needs nothing but a shell: the guarded process is a sleep.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startGuardian } from './guardian.ts';
import { untilAnswers } from './untilAnswers.ts';

const DEADLINE = { deadlineMs: 10_000 };

test('the end of a guardian is the end of what it guards, and of its folder', async () => {
  const guardian = await startGuardian();
  await writeFile(join(guardian.folder, 'data'), 'x');
  const sleeper = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  const gone = once(sleeper, 'exit');
  guardian.guard(sleeper.pid ?? 0);
  await guardian.end();
  expect((await gone)[1]).toBe('SIGKILL');
  expect(existsSync(guardian.folder)).toBe(false);
});

test('a group that was forgotten is left alone', async () => {
  const guardian = await startGuardian();
  const sleeper = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  guardian.guard(sleeper.pid ?? 0);
  guardian.forget(sleeper.pid ?? 0);
  await guardian.end();
  expect(sleeper.exitCode ?? sleeper.signalCode).toBe(null);
  sleeper.kill('SIGKILL');
});

test('SIGKILL of the parent leaves no process and no folder behind', async () => {
  const script = `
    const { spawn } = await import('node:child_process');
    const { startGuardian } = await import(${JSON.stringify(new URL('./guardian.ts', import.meta.url).href)});
    const guardian = await startGuardian();
    const sleeper = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    guardian.guard(sleeper.pid);
    setTimeout(() => console.log(JSON.stringify({ pid: sleeper.pid, folder: guardian.folder })), 50);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(parent.stdout, 'data');
  const { pid, folder } = JSON.parse(String(line)) as { pid: number; folder: string };
  parent.kill('SIGKILL');
  await untilAnswers(async () => expect(isRunning(pid)).toBe(false), DEADLINE);
  await untilAnswers(async () => expect(existsSync(folder)).toBe(false), DEADLINE);
});

function isRunning(pid: number): boolean {
  // A killed orphan stays as a zombie where no process reaps it; only its state tells.
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !isZombie(pid);
}

function isZombie(pid: number): boolean {
  const status = `/proc/${pid}/stat`;
  return existsSync(status) && /\) Z /.test(readFileSync(status, 'utf8'));
}
