import type { CompressionChoice } from './compressionChoice.ts';
import { compressWordOf } from './compressWords.ts';
import type { ConnectionTarget } from './connectionTarget.ts';

/** What is known of a connection's link, and whether it is compressed, for people. */
export function linkWords(
  { compress, socket }: Pick<ConnectionTarget, 'compress' | 'socket'>,
  choice: CompressionChoice | undefined,
): string {
  if (compress === 'off') return 'not compressed, as its URL or option file says';
  if (compress !== 'auto') return `compress=${compressWordOf(compress)}, as its URL or option file says`;
  if (socket !== undefined) return 'a unix socket; not compressed';
  return choice?.why ?? 'not measured yet';
}
