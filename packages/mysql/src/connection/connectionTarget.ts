/** Where a connection leads and how it logs in. URLs and option files give parts of it; together they must be whole. */
import type { HostLimits } from '@rowparity/contracts';
import type { CompressionWish } from '../wire/compressedLink.ts';

export interface ConnectionTarget {
  readonly host: string;
  readonly port: number;
  /** A unix socket of this machine; the connection then uses neither host nor port. */
  readonly socket: string | undefined;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly compress: CompressMode;
  readonly tls: TlsMode;
  /** File with the authorities to trust; the system's when left out. */
  readonly tlsCaFile: string | undefined;
  /** Files with a client certificate and its key: both or neither. */
  readonly tlsCertFile: string | undefined;
  readonly tlsKeyFile: string | undefined;
  /** Without TLS: whether the password may be encrypted with a key that the server names. */
  readonly allowPublicKeyRetrieval: boolean;
  /** Longest time of one statement; half as long again without a word, and the connection is given up. */
  readonly statementMs: number;
  /** Of the server that the connection leads to; they come before those of the process. */
  readonly limits: HostLimits;
}

/** `off`: plain. `verify`: the certificate must be trusted and name the host. `unverified`: encrypted to whomever. */
export type TlsMode = 'off' | 'verify' | 'unverified';

/**
 * Protocol compression. `auto`: where the link is slower than the processor (openSession.ts). `best`: by zstd where the
 * server offers it, else by zlib. An algorithm: by that one, and a server that does not offer it is refused.
 */
export type CompressMode = 'auto' | 'off' | CompressionWish;

/** What one source says of a connection; undefined where it says nothing. */
export type PartialTarget = {
  readonly [Name in keyof ConnectionTarget]?: ConnectionTarget[Name] | undefined;
};

export type Read<T> = T | { readonly problem: string };

const DEFAULT_PORT = 3306;
/** A page takes well under a second; a minute allows for a server in trouble. */
export const STATEMENT_MS_DEFAULT = 60_000;

/** Of two sources: the first one's word, where it has one. Host, port and socket are one place: they stay together. */
export function withParts(first: PartialTarget, second: PartialTarget): PartialTarget {
  const said = Object.fromEntries(Object.entries(first).filter(([, value]) => value !== undefined));
  const { host, port, socket, ...others } = second;
  const hasPlace = first.socket !== undefined || (first.host !== undefined && !isThisMachine(first.host));
  return { ...(hasPlace ? {} : { host, port, socket }), ...others, ...said };
}

export function completeTarget(parts: PartialTarget): Read<ConnectionTarget> {
  const { socket, user, database, tlsCertFile, tlsKeyFile } = parts;
  const host = parts.host ?? (socket === undefined ? undefined : 'localhost');
  if (!host) return { problem: 'expected a host' };
  if (socket !== undefined && !isThisMachine(host)) {
    return { problem: 'expected localhost as the host of a unix socket' };
  }
  if (!user) return { problem: 'expected a user' };
  if (!database) return { problem: 'expected a database' };
  if ((tlsCertFile === undefined) !== (tlsKeyFile === undefined)) {
    return { problem: 'expected a client certificate and its key (tlsCert, tlsKey), both or neither' };
  }
  return {
    ...{ host, socket, user, database, tlsCertFile, tlsKeyFile },
    port: parts.port ?? DEFAULT_PORT,
    password: parts.password ?? '',
    compress: parts.compress ?? 'auto',
    tls: parts.tls ?? 'off',
    tlsCaFile: parts.tlsCaFile,
    allowPublicKeyRetrieval: parts.allowPublicKeyRetrieval ?? false,
    statementMs: parts.statementMs ?? STATEMENT_MS_DEFAULT,
    limits: parts.limits ?? {},
  };
}

/** `db1:3306`, or the path of the socket. */
export function serverOf({ host, port, socket }: Pick<ConnectionTarget, 'host' | 'port' | 'socket'>): string {
  return socket ?? `${host}:${port}`;
}

/** `db1:3306/shop`, or `shop by /run/mysqld/mysqld.sock`. */
export function databaseOf(target: Pick<ConnectionTarget, 'host' | 'port' | 'socket' | 'database'>): string {
  const { socket, database } = target;
  return socket === undefined ? `${serverOf(target)}/${database}` : `${database} by ${socket}`;
}

/** Without a host, a unix socket is of this machine; the mysql client takes it for this name, too. */
function isThisMachine(host: string): boolean {
  return host.toLowerCase() === 'localhost';
}
