/** A tool that compares two databases, run as its user runs it: as a process of its own. */
import type { SqlServer } from '@rowparity/testkit';

export interface BothServers {
  readonly source: SqlServer;
  readonly destination: SqlServer;
}

export interface ComparedTables extends BothServers {
  /** Of the same name on both servers. */
  readonly database: string;
  readonly tables: readonly ComparedTable[];
  /** A tool that compares one table after another begins none after so long. Absent: it compares all. */
  readonly patienceMs?: number;
}

export interface ComparedTable {
  readonly name: string;
  /** Columns of its key. */
  readonly key: readonly string[];
}

/** A row that a tool reported as different. */
export interface ReportedRow {
  readonly table: string;
  /** The parts of its key as the tool wrote them, joined by commas. */
  readonly key: string;
}

export type PeerResult =
  | { readonly kind: 'ran'; readonly rows: readonly ReportedRow[] }
  /** It ended with a fault or was stopped; what it reported until then. */
  | { readonly kind: 'failed'; readonly reason: string; readonly rows: readonly ReportedRow[] };

export interface Peer {
  readonly name: string;
  readonly version: string;
  compare(compared: ComparedTables): Promise<PeerResult>;
}

export interface MissingPeer {
  readonly name: string;
  /** Why it is not measured, and what would change that. */
  readonly missing: string;
}

/** Whether there is time for the next table; else why the tool was given up. */
export function patience({ patienceMs = Number.POSITIVE_INFINITY, tables }: ComparedTables) {
  const begin = performance.now();
  return (done: number): string | undefined =>
    performance.now() - begin <= patienceMs
      ? undefined
      : `given up after ${patienceMs / 1000} s with ${done} of ${tables.length} tables`;
}

export function isMissing(peer: { readonly name: string } | MissingPeer): peer is MissingPeer {
  return 'missing' in peer;
}
