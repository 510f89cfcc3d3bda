/** Why a job's signal was aborted: by the reason, the handler knows whether it still holds the shard. */

/**
 * `draining`: the process ends; release the shard and return the job to the queue. `lockLost`: another worker may have
 * the job; stop without writing. The ledger's fencing keeps the records right.
 */
export type StopKind = 'draining' | 'lockLost';

const MESSAGES: Readonly<Record<StopKind, string>> = {
  draining: 'the process is ending: the job goes back to the queue',
  lockLost: 'the lock of the job could not be renewed: another worker may have it by now',
};

export class JobStopped extends Error {
  override readonly name = 'JobStopped';
  readonly kind: StopKind;

  constructor(kind: StopKind) {
    super(MESSAGES[kind]);
    this.kind = kind;
  }
}
