/** An output that could not be written whole: it is missing, also when the run ended well. */

export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/** Names the place and the reason of a failed write. */
export async function orOutputError<T>(place: string, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (cause) {
    if (cause instanceof OutputError) throw cause;
    throw new OutputError(`${place} could not be written whole: ${reasonOf(cause)}.`, { cause });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file may not grow so large',
  EPIPE: 'its reader has gone',
  EIO: 'the device reports an error',
  ENXIO: 'nothing is at its other end',
};

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const words = code && REASONS[code];
  return words ? `${words} (${code})` : (code ?? message);
}
