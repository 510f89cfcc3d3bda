/**
 * Writes an output whole, or rejects with an OutputError. A regular file is written to a temporary file first, so that
 * a partial file never exists. Devices, pipes and sockets are written directly.
 */
import { type FileHandle, open, rename } from 'node:fs/promises';
import { type DraftFile, openDraft } from './draftFile.ts';
import { openThrough } from './openThrough.ts';
import { orOutputError } from './outputError.ts';
import { type Target, targetOf } from './targetOf.ts';
import { writeAll } from './writeAll.ts';

export type Content = AsyncIterable<string | Uint8Array> | Iterable<string>;

export async function writeWhole(path: string, content: Content): Promise<void> {
  const target = await orOutputError(path, targetOf(path));
  if (target.kind === 'through') {
    const opened = openThrough(target, new AbortController().signal);
    return writeInto(await orOutputError(path, opened), { path, content, isSynced: false });
  }
  const draft = await orOutputError(path, openDraft(target).catch(unlessInPlace(target)));
  if (!draft) return writeInPlace(target.path, { path, content });
  await replace(draft, target, { path, content });
}

async function replace(draft: DraftFile, target: Target, document: { path: string; content: Content }) {
  try {
    await writeInto(draft.file, { ...document, isSynced: true });
    const isMoved = await orOutputError(
      document.path,
      rename(draft.path, target.path).then(() => true, falseIfBound),
    );
    if (!isMoved) await writeInPlace(target.path, { ...document, content: await contentOf(draft.path) });
  } finally {
    await draft.discard();
  }
}

/** The file keeps its place in the folder: there no other one may be made, or take its owner, or be put over it. */
async function writeInPlace(place: string, document: { path: string; content: Content }): Promise<void> {
  const file = await orOutputError(document.path, open(place, 'w'));
  await writeInto(file, { ...document, isSynced: true });
}

async function writeInto(
  file: FileHandle,
  { path, content, isSynced }: { path: string; content: Content; isSynced: boolean },
): Promise<void> {
  try {
    for await (const part of content) await orOutputError(path, writeAll(file.fd, part));
    if (isSynced) await orOutputError(path, file.sync().catch(unlessUnknown));
  } finally {
    await orOutputError(path, file.close());
  }
}

async function contentOf(path: string): Promise<AsyncIterable<Uint8Array>> {
  return (await open(path, 'r')).createReadStream();
}

/** Some file systems of networks and of user space have no such call. */
function unlessUnknown(error: NodeJS.ErrnoException): void {
  if (!['EINVAL', 'ENOSYS', 'ENOTSUP'].includes(error.code ?? '')) throw error;
}

/** Without the right to make files in the folder, or to give one away, what is there can still be written to. */
function unlessInPlace({ kind }: Target) {
  return (error: NodeJS.ErrnoException): undefined => {
    const isForbidden = ['EACCES', 'EPERM', 'EROFS'].includes(error.code ?? '');
    if (kind !== 'file' || !isForbidden) throw error;
  };
}

/** A file that is a mount of its own, as containers have them, cannot be replaced. */
function falseIfBound(error: NodeJS.ErrnoException): false {
  if (error.code !== 'EBUSY' && error.code !== 'EXDEV') throw error;
  return false;
}
