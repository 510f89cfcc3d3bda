/** Reads a connection URL. Its password never shows in a message. */
import { type HostLimits, hostLimitTexts } from '@rowparity/contracts';
import { z } from 'zod';
import { compressModeOf, compressWordOf } from './compressWords.ts';
import {
  type ConnectionTarget,
  completeTarget,
  type PartialTarget,
  type Read,
  STATEMENT_MS_DEFAULT,
} from './connectionTarget.ts';
import { specialCharactersHint } from './specialCharacters.ts';

const STATEMENT_MS = { min: 1000, max: 3_600_000 } as const;
const STATEMENT_EXPECTED = `expected statementMs to be a whole number from ${STATEMENT_MS.min} to ${STATEMENT_MS.max}`;

const settings = z.strictObject({
  tls: z.enum(['off', 'verify', 'unverified'], 'expected tls=off, tls=verify or tls=unverified').optional(),
  socket: z.string().startsWith('/', 'expected socket to be a path that begins with "/"').optional(),
  tlsCa: z.string().optional(),
  tlsCert: z.string().optional(),
  tlsKey: z.string().optional(),
  compress: z
    .enum(
      ['auto', 'true', 'false', 'zstd', 'zlib'],
      'expected compress=auto, compress=true, compress=false, compress=zstd or compress=zlib',
    )
    .optional(),
  allowPublicKeyRetrieval: z
    .enum(['true', 'false'], 'expected allowPublicKeyRetrieval=true or allowPublicKeyRetrieval=false')
    .optional(),
  statementMs: z
    .string()
    .regex(/^\d+$/, STATEMENT_EXPECTED)
    .transform(Number)
    .pipe(z.number().min(STATEMENT_MS.min, STATEMENT_EXPECTED).max(STATEMENT_MS.max, STATEMENT_EXPECTED))
    .optional(),
  ...hostLimitTexts,
});

const LIMIT_NAMES = Object.keys(hostLimitTexts) as readonly (keyof HostLimits)[];

const EXPECTED = 'expected mysql://user:password@host:port/database';
const SOCKET_EXPECTED =
  'expected a host; a unix socket is named behind the "?", as in mysql://user@localhost/shop?socket=/run/mysqld/mysqld.sock';

/**
 * `mysql://user:password@host:port/database?tls=verify&tlsCa=FILE&compress=zstd`; special characters are
 * percent-encoded.
 */
export const connectionUrl = z.string().transform((text, ctx): ConnectionTarget => {
  const read = readConnectionUrl(text);
  const target = 'problem' in read ? read : completeTarget(read.parts);
  if (!('problem' in target)) return target;
  const message = 'problem' in read ? read.problem : inUrl(target.problem, text);
  ctx.addIssue({ code: 'custom', message });
  return z.NEVER;
});

function inUrl(problem: string, text: string): string {
  const place =
    problem === 'expected a database' ? ' at the end of the URL, as in mysql://user@host/shop' : '';
  return `${problem}${place || ' in the URL'}${specialCharactersHint(text)}`;
}

/** What a URL says. It may leave out user, password, host and database, where an option file has them. */
export function readConnectionUrl(text: string): Read<{ readonly parts: PartialTarget }> {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { problem: `${EXPECTED}${specialCharactersHint(text)}` };
  }
  if (url.protocol !== 'mysql:' && url.protocol !== 'mariadb:') {
    return { problem: `expected a URL that begins with mysql://, found ${url.protocol}//` };
  }
  const path = url.pathname.slice(1);
  if (path.includes('/') || url.hash) {
    return { problem: `${EXPECTED}, and one database there${specialCharactersHint(text)}` };
  }
  if (url.hostname.includes('%')) return { problem: SOCKET_EXPECTED };
  const named = decoded([url.username, url.password, path]);
  if (!named) return { problem: 'expected special characters percent-encoded: a "%" itself is %25' };
  const [user, password, database] = named.map((part) => part || undefined);
  const read = settings.safeParse(Object.fromEntries(url.searchParams));
  if (!read.success) return { problem: settingsProblem(read.error, text) };
  const { tls, socket, statementMs, tlsCa, tlsCert, tlsKey } = read.data;
  const parts = {
    ...{ user, password, database, tls, socket, statementMs },
    ...{ tlsCaFile: tlsCa, tlsCertFile: tlsCert, tlsKeyFile: tlsKey },
    compress: read.data.compress && compressModeOf(read.data.compress),
    allowPublicKeyRetrieval: isTrue(read.data.allowPublicKeyRetrieval),
    limits: limitsIn(read.data),
    host: url.hostname.replace(/^\[|\]$/g, '') || undefined,
    port: url.port ? Number(url.port) : undefined,
  };
  return { parts };
}

/** The URL of a target, with a word in place of the password, if it has one. Limits are left out. */
export function connectionUrlOf(target: ConnectionTarget, inPlaceOfPassword = 'PASSWORD'): string {
  const { host, port, user, password, database, socket, tls, tlsCaFile, tlsCertFile, tlsKeyFile } = target;
  const login = `${encodeURIComponent(user)}${password === '' ? '' : `:${inPlaceOfPassword}`}`;
  const place = socket === undefined ? `${host.includes(':') ? `[${host}]` : host}:${port}` : 'localhost';
  const options = {
    ...{
      socket,
      tls: tls === 'off' ? undefined : tls,
      tlsCa: tlsCaFile,
      tlsCert: tlsCertFile,
      tlsKey: tlsKeyFile,
    },
    allowPublicKeyRetrieval: target.allowPublicKeyRetrieval ? 'true' : undefined,
    compress: target.compress === 'auto' ? undefined : compressWordOf(target.compress),
    statementMs: target.statementMs === STATEMENT_MS_DEFAULT ? undefined : String(target.statementMs),
  };
  const said = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value).replaceAll('%2F', '/')}`],
  );
  const query = said.length === 0 ? '' : `?${said.join('&')}`;
  return `mysql://${login}@${place}/${encodeURIComponent(database)}${query}`;
}

/** A name that is not known may be the rest of a password, where the login is cut short by a "?". */
function settingsProblem(error: z.ZodError, text: string): string {
  const [issue] = error.issues;
  const hint = specialCharactersHint(text);
  if (issue?.code === 'unrecognized_keys' && hint) return `expected names of options behind the "?"${hint}`;
  return `${issue?.message}; after the "?" come socket, tls, tlsCa, tlsCert, tlsKey, allowPublicKeyRetrieval, compress, statementMs, and the limits of the server: ${LIMIT_NAMES.join(', ')}`;
}

function isTrue(text: 'true' | 'false' | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'true';
}

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
