/** A temporary file that replaces another when everything is written, and is removed otherwise. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Target } from './targetOf.ts';

const NEW_FILE_MODE = 0o666;
const PERMISSIONS = 0o7777;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface DraftFile {
  readonly path: string;
  readonly file: FileHandle;
  /** Closes the file, and removes it if it is still there. */
  discard(): Promise<void>;
}

type Replaceable = Exclude<Target, { kind: 'through' }>;

/** With mode and owner of what it is to replace; rejects where these cannot be had. */
export async function openDraft(target: Replaceable): Promise<DraftFile> {
  const path = join(dirname(target.path), `.rowparity-${randomBytes(6).toString('hex')}.part`);
  // Never wider than what was there, and never through a link that waits under this name.
  const mode = target.kind === 'file' ? target.mode & NEW_FILE_MODE : NEW_FILE_MODE;
  const file = await open(path, 'wx', mode);
  const stopWatching = removeAtEnd(path);
  const discard = async () => {
    stopWatching();
    await file.close().catch(() => undefined);
    rmSync(path, { force: true });
  };
  try {
    if (target.kind === 'file') await takeOver(file, target);
  } catch (error) {
    await discard();
    throw error;
  }
  return { path, file, discard };
}

async function takeOver(file: FileHandle, { mode, uid, gid }: Extract<Target, { kind: 'file' }>) {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid);
  await file.chmod(mode & PERMISSIONS);
}

/** A process that is stopped in the middle removes the file as well. */
function removeAtEnd(path: string): () => void {
  const remove = () => rmSync(path, { force: true });
  const onSignal = (signal: NodeJS.Signals) => {
    remove();
    // A listener disables the default effect of the signal. If other listeners exist, they decide.
    if (process.listenerCount(signal) === 1) {
      process.off(signal, onSignal);
      process.kill(process.pid, signal);
    }
  };
  const isAlone = SIGNALS.filter((signal) => process.listenerCount(signal) === 0);
  process.on('exit', remove);
  for (const signal of isAlone) process.on(signal, onSignal);
  return () => {
    process.off('exit', remove);
    for (const signal of isAlone) process.off(signal, onSignal);
  };
}
