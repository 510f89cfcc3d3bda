/** What the person at the terminal can mend: a file, an address, a run id. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
