/** What adapters read for a diagnosis, before anything is judged. */

/** Of one server, by one session that was set up as for a run. */
export interface ServerFacts {
  readonly version: string;
  readonly isMariaDb: boolean;
  /** As the server knows it, such as `reader@%`. */
  readonly account: string;
  /** Version and cipher of TLS; null on a plain link. */
  readonly tls: string | null;
  /** No network is between: a loopback address, or a unix socket. */
  readonly isLocal: boolean;
  /** The certificate was checked, and names the host. */
  readonly isVerified: boolean;
  /** What was measured of the link, and whether it is compressed. */
  readonly link: string;
  /** Variables that were set and read back. */
  readonly settings: number;
  /** Null where there is no limit. */
  readonly connectionsOfUser: number | null;
  readonly connectionsOfAll: number;
  readonly connected: number;
  readonly clock: ClockReading;
  /** False when the user may not see every table of the database. */
  readonly isWhole: boolean;
  /** Why no replication position can be read; undefined where one can. */
  readonly positionMissing: string | undefined;
}

/** The server's clock between two looks at the clock of this machine, in milliseconds since 1970. */
export interface ClockReading {
  readonly serverMs: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** Of the place where a command keeps the state of its runs. */
export interface MachineFacts {
  readonly folder: string;
  /** The error of the system for a file that was tried there; null when it could be written. */
  readonly writeError: string | null;
  readonly freeBytes: number;
}

/** From INFO of Redis; undefined where it does not say. */
export interface RedisFacts {
  readonly version: string;
  readonly evictionPolicy: string | undefined;
  readonly isAppendOnly: boolean | undefined;
}

export interface TopicFacts {
  readonly name: string;
  /** Null when Kafka has no such topic, or does not show it to this user. */
  readonly partitions: number | null;
  /** Copies of the partition that has the fewest. */
  readonly replicas: number;
  /** Copies that are up to date, of the partition that has the fewest. */
  readonly inSync: number;
  /** Null when the user may not read it. */
  readonly minInSync: number | null;
}

export interface KafkaFacts {
  readonly brokers: number;
  readonly topics: readonly TopicFacts[];
  /** Topics of the allow-list that were too many to be looked at. */
  readonly unread: number;
}
