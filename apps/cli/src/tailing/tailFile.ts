/** The lines of a file, and those that are written to it later. */
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../usage/usageError.ts';

const CHUNK_BYTES = 64 * 1024;
const LOOK_MS = 200;
/** A line of a file that holds none, such as a disk image. */
const LINE_BYTES_MAX = 1024 * 1024;

export interface TailedFile {
  readonly path: string;
  /** Wait for more at its end. */
  readonly isFollowed: boolean;
  onText(line: string): Promise<void>;
}

/** A last line without an end is told when the file is not followed. */
export async function tailFile({ path, isFollowed, onText }: TailedFile, signal: AbortSignal): Promise<void> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`${path}: the file cannot be read (${cause.code}).`, { cause });
  });
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let rest = Buffer.alloc(0);
  try {
    while (!signal.aborted) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length);
      if (bytesRead > 0) rest = await tellLines(Buffer.concat([rest, chunk.subarray(0, bytesRead)]), onText);
      else if (isFollowed) await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
      else break;
      if (rest.length > LINE_BYTES_MAX)
        throw new UsageError(`${path}: expected lines of JSON, found a line without an end.`);
    }
    if (!isFollowed && rest.length > 0) await onText(rest.toString('utf8'));
  } finally {
    await file.close();
  }
}

/** Resolves to what is behind the last line. */
async function tellLines(bytes: Buffer, onText: TailedFile['onText']): Promise<Buffer<ArrayBuffer>> {
  let from = 0;
  for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', from)) {
    const line = bytes.toString('utf8', from, end);
    from = end + 1;
    if (line.trim() !== '') await onText(line);
  }
  return Buffer.from(bytes.subarray(from));
}
