/**
 * The job itself is wrong (not a spec, a run id taken by another spec, another version's job): trying again is of no
 * use. Its message is written into the job, for those who wait for it: no row values, no credentials.
 */
export class JobRefused extends Error {
  override readonly name = 'JobRefused';
}
