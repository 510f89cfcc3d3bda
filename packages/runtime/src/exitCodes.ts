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
} as const;
