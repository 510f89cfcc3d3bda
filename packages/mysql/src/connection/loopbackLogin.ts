/**
 * A server that has not cached a user's password asks for the whole password (guardedPassword.ts). On a loopback
 * address no network is in between, so one login over the server's own TLS sends it, as the mysql client does by
 * default. Then the server has it in its cache. A loopback server without TLS is refused like any other.
 */
import { isIP } from 'node:net';
import { createConnection } from 'mysql2';
import type { ConnectionTarget } from './connectionTarget.ts';

const LOGIN_TIMEOUT_MS = 10_000;

export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || host.toLowerCase() === 'localhost';
}

/** Undefined when the server took the login over TLS; else its error, or the driver's. */
export function logInByTls({
  host,
  port,
  user,
  password,
  database,
}: ConnectionTarget): Promise<Error | undefined> {
  const connection = createConnection({
    ...{ host, port, user, password, database },
    // This connection only logs in, and its address is a loopback address.
    ssl: { rejectUnauthorized: false },
    connectTimeout: LOGIN_TIMEOUT_MS,
  });
  return new Promise((resolve) => {
    const end = (error: Error | null) => {
      connection.destroy();
      resolve(error ?? undefined);
    };
    connection.on('error', end);
    connection.connect(end);
  });
}
