/** An error that the user can correct: a file, an address, a run id. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
