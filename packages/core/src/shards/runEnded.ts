/**
 * The run of a shard takes no more writes: it was cancelled, it is settled, or its migration turned the direction. What
 * the shard found after that moment may be told in a direction that holds no longer, so it is not told.
 */
export class RunEnded extends Error {
  override readonly name = 'RunEnded';

  constructor() {
    super('the run has ended: what was found since then is not published');
  }
}
