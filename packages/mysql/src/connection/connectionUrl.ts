/** Reads a connection URL. Its password never shows in a message. */
import { type HostLimits, hostLimitTexts } from '@rowparity/contracts';
import { z } from 'zod';

export interface ConnectionTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Protocol compression: for slow links only, it costs more than half of a fast one. */
  readonly compress: boolean;
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

/** A page takes well under a second; a minute allows for a server in trouble. */
const STATEMENT_MS = { default: 60_000, min: 1000, max: 3_600_000 } as const;
const STATEMENT_EXPECTED = `expected statementMs to be a whole number from ${STATEMENT_MS.min} to ${STATEMENT_MS.max}`;

const settings = z.strictObject({
  tls: z
    .enum(['off', 'verify', 'unverified'], 'expected tls=off, tls=verify or tls=unverified')
    .default('off'),
  tlsCa: z.string().optional(),
  tlsCert: z.string().optional(),
  tlsKey: z.string().optional(),
  compress: z.enum(['true', 'false'], 'expected compress=true or compress=false').default('false'),
  allowPublicKeyRetrieval: z
    .enum(['true', 'false'], 'expected allowPublicKeyRetrieval=true or allowPublicKeyRetrieval=false')
    .default('false'),
  statementMs: z
    .string()
    .regex(/^\d+$/, STATEMENT_EXPECTED)
    .transform(Number)
    .pipe(z.number().min(STATEMENT_MS.min, STATEMENT_EXPECTED).max(STATEMENT_MS.max, STATEMENT_EXPECTED))
    .default(STATEMENT_MS.default),
  ...hostLimitTexts,
});

const LIMIT_NAMES = Object.keys(hostLimitTexts) as readonly (keyof HostLimits)[];

const DEFAULT_PORT = 3306;

/**
 * `mysql://user:password@host:port/database?tls=verify&tlsCa=FILE&compress=true`; special characters are
 * percent-encoded.
 */
export const connectionUrl = z.string().transform((text, ctx): ConnectionTarget => {
  const fail = (message: string) => {
    ctx.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return fail('expected mysql://user:password@host:port/database');
  }
  if (url.protocol !== 'mysql:' && url.protocol !== 'mariadb:') {
    return fail(`expected a URL that begins with mysql://, found ${url.protocol}//`);
  }
  const parts = decoded([url.username, url.password, url.pathname.slice(1)]);
  if (!parts) return fail('expected special characters percent-encoded: a "%" itself is %25');
  const [user = '', password = '', database = ''] = parts;
  if (!url.hostname) return fail('expected a host in the URL');
  if (!user) return fail('expected a user in the URL');
  if (!database) return fail('expected a database at the end of the URL, as in mysql://user@host/shop');
  const read = settings.safeParse(Object.fromEntries(url.searchParams));
  if (!read.success) {
    return fail(
      `${read.error.issues[0]?.message}; after the "?" come tls, tlsCa, tlsCert, tlsKey, allowPublicKeyRetrieval, compress, statementMs, and the limits of the server: ${LIMIT_NAMES.join(', ')}`,
    );
  }
  if ((read.data.tlsCert === undefined) !== (read.data.tlsKey === undefined)) {
    return fail('expected tlsCert and tlsKey, both or neither');
  }
  return {
    compress: read.data.compress === 'true',
    tls: read.data.tls,
    tlsCaFile: read.data.tlsCa,
    tlsCertFile: read.data.tlsCert,
    tlsKeyFile: read.data.tlsKey,
    allowPublicKeyRetrieval: read.data.allowPublicKeyRetrieval === 'true',
    statementMs: read.data.statementMs,
    limits: limitsIn(read.data),
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : DEFAULT_PORT,
    user,
    password,
    database,
  };
});

function limitsIn(read: HostLimits): HostLimits {
  return Object.fromEntries(
    LIMIT_NAMES.flatMap((name) => (read[name] === undefined ? [] : [[name, read[name]]])),
  );
}

function decoded(parts: readonly string[]): string[] | undefined {
  try {
    return parts.map((part) => decodeURIComponent(part));
  } catch {
    return undefined;
  }
}
