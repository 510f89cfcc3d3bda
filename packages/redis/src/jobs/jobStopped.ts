/** Why a job's signal was aborted: the handler reads the reason to know whether the shard is still its own. */

/**
 * `draining`: the process ends; release the shard and hand the job back. `lockLost`: another worker may have the job
 * by now; let go of everything, the ledger's fencing keeps what is written right.
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
