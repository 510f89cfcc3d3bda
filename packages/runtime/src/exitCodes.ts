/** The exit codes of a process. docs/failures.md lists them. */

export const EXIT = {
  /** Done; for a run: consistent. */
  ok: 0,
  /** The run found inconsistencies. */
  inconsistent: 1,
  /** Wrong usage or configuration: nothing was started. */
  configuration: 2,
  /** The run ended without a proof either way. */
  inconclusive: 3,
  /** A bug of Rowparity, or an unexpected fault. */
  internal: 4,
  /** A server that a service needs at its start did not answer: started again, as it is, the service may work. */
  outage: 5,
} as const;
