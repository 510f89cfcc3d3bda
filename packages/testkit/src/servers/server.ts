// The types of this folder: kinds of server, the ways to get one, and what a started one offers.
// Types only: starting is done in the files beside this one.

export type ServerKind = 'sql' | 'redis' | 'kafka';

/** How a server was got: named by a variable, a container, or a process of this machine. */
export type Way = 'environment' | 'docker' | 'native';

export type Flavour = 'mysql' | 'mariadb';
export type WantedFlavour = Flavour | 'any';

/** One flavour for both sides, or one for each. */
export type WantedFlavours =
  | WantedFlavour
  | { readonly source: WantedFlavour; readonly destination: WantedFlavour };

export type SideName = 'source' | 'destination';

/** What can be done to a server that this package itself started. */
export interface Faults {
  /** SIGKILL; resolves when the server is gone. Its data stays. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Starts a killed server again, on the same port and data; resolves when it answers. */
  start(): Promise<void>;
}

interface Stoppable {
  /** Ends the server and deletes its data. Does nothing to a server of the environment. */
  stop(): Promise<void>;
}

export type Managed =
  | ({ readonly way: 'environment' } & Stoppable)
  | ({ readonly way: 'docker' | 'native' } & Stoppable & Faults);

export interface SqlAddress {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

export interface SqlDescription extends SqlAddress {
  readonly flavour: Flavour;
  readonly version: string;
}

export interface RedisDescription {
  readonly url: string;
}

export interface KafkaDescription {
  readonly brokers: readonly string[];
}

export type SqlServer = SqlDescription & Managed;
export type RedisServer = RedisDescription & Managed;
export type KafkaServer = KafkaDescription & Managed;

interface AllServers {
  readonly source: SqlServer;
  readonly destination: SqlServer;
  readonly redis: RedisServer;
  readonly kafka: KafkaServer;
}

interface FieldsOfKind {
  readonly sql: SideName;
  readonly redis: 'redis';
  readonly kafka: 'kafka';
}

/** Exactly the servers of the kinds that were asked for. */
export type Servers<Kind extends ServerKind = ServerKind> = Pick<AllServers, FieldsOfKind[Kind]> & Stoppable;

/** Narrows to a server that can be killed and paused; throws for one that belongs to the environment. */
export function breakable<S extends Managed>(server: S): S & Faults {
  if (server.way === 'environment') {
    throw new Error(
      'This server comes from the environment and is not ours to break: unset its ROWPARITY_TEST_ variable.',
    );
  }
  return server as S & Faults;
}
