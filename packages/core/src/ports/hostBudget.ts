/**
 * One budget for each database server, shared by everything that reads from it: statements at one time, rows and bytes
 * a second, and signals that hold new statements. A statement that has begun is never ended by it.
 */
import type { HostLimits, HostPause, PauseKind } from '@rowparity/contracts';

/** A database server: two connections that lead to one server have one id. */
export interface BudgetHost {
  /** Its uuid, or what else tells it from others. */
  readonly id: string;
  /** For people: host:port. */
  readonly name: string;
  /** Of a connection that leads there. */
  readonly connection: string;
  readonly limits: HostLimits;
}

/** What is about to be read from one server. */
export interface HostNeed {
  readonly host: BudgetHost;
  /** Statements at one time. */
  readonly streams: number;
  /** Expected; what was read really is charged at the end. */
  readonly rows: number;
  readonly bytes: number;
}

export interface HostRead {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Why an admission waits: a pause, or `streams`, `rows`, `bytes`: the limit is used up; `turn`: another run comes
 * first; `asking`: the last answer of the server is too old, and it is asked anew; `recovering`: the shared state was
 * lost, and every process tells anew what it holds; `unreachable`: the shared state cannot be reached.
 */
export type ThrottleKind =
  | PauseKind
  | 'streams'
  | 'rows'
  | 'bytes'
  | 'turn'
  | 'asking'
  | 'recovering'
  | 'unreachable';

export interface Throttle {
  /** Name of the server. */
  readonly host: string;
  readonly kind: ThrottleKind;
  /** With numbers. */
  readonly message: string;
}

export interface AdmitInput {
  /** Runs take turns. */
  readonly runId: string;
  /** At most one for each server. Admitted all together, or none. */
  readonly needs: readonly HostNeed[];
  /** Told at each look at the budget for as long as it waits. */
  onWait?(throttle: Throttle): void;
}

export interface BudgetGrant {
  /** Frees the place and charges what was read, in the order of the needs. The second call does nothing. */
  release(read: readonly HostRead[]): void;
}

export interface HostBudget {
  /**
   * Waits until the budgets of all servers have room. Rejects with the signal's reason, and with a transient fault when
   * the shared state cannot be reached for long.
   */
  admit(input: AdmitInput, signal: AbortSignal): Promise<BudgetGrant>;
  /** Charges small reads that needed no admission: later admissions wait for them. */
  charge(host: BudgetHost, read: HostRead): void;
  close(): Promise<void>;
}

/** The pauses of servers by their ids, the newest first. */
export interface PauseReadings {
  pausesOf(hosts: readonly string[]): Promise<readonly HostPause[]>;
}

/** What a server said of its load. */
export interface HostReadings {
  /** By variable; absent: the server has none of this name. Absent as a whole: nothing was read. */
  readonly load?: ReadonlyMap<string, number> | undefined;
  /** Absent: was not asked. */
  readonly query?: number | undefined;
  /** Null: the replica does not tell, since replication is stopped. Absent: no replica, or not asked. */
  readonly lagSeconds?: number | null | undefined;
  /** A person has paused reading; says by what. */
  readonly flag?: string | undefined;
  /** What could not be read, and why. */
  readonly problem?: string | undefined;
}

export interface HostSignals {
  /** Asks a server for what its limits name. What cannot be read is a problem in the answer. */
  read(host: BudgetHost, signal: AbortSignal): Promise<HostReadings>;
  close(): Promise<void>;
}
