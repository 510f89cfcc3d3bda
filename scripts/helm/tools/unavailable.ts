/** The reason why this machine lacks something. The tests that need it are skipped with this reason. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
