/** Why something cannot be had on this machine; the tests that need it are skipped, and say so. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
