/**
 * The job itself is wrong (not a spec, a run id taken by another spec, another version's job), so it is not retried.
 * The message is written into the job for its sender: no row values, no credentials.
 */
export class JobRefused extends Error {
  override readonly name = 'JobRefused';
}
