/** Reads a connection URL. Its password never shows in a message. */
import { z } from 'zod';

export interface ConnectionTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

const DEFAULT_PORT = 3306;

/** `mysql://user:password@host:port/database`; special characters are percent-encoded. */
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
  const database = decodeURIComponent(url.pathname.slice(1));
  if (!url.hostname) return fail('expected a host in the URL');
  if (!url.username) return fail('expected a user in the URL');
  if (!database) return fail('expected a database at the end of the URL, as in mysql://user@host/shop');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : DEFAULT_PORT,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database,
  };
});
