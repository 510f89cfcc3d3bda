/**
 * A server that does not remember a user's password asks for the whole of it (guardedPassword.ts). On this machine's
 * own addresses no network can stand in between, so one login over the server's own TLS gives it, as the mysql client
 * does when it is not told otherwise; from then on the server remembers. A server without TLS there is refused like
 * any other.
 */
import { isIP } from 'node:net';
import { createConnection } from 'mysql2';
import type { ConnectionTarget } from './connectionUrl.ts';

const LOGIN_TIMEOUT_MS = 10_000;

export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || host.toLowerCase() === 'localhost';
}

/** True when the server took the login over TLS. */
export function logInByTls({ host, port, user, password, database }: ConnectionTarget): Promise<boolean> {
  const connection = createConnection({
    ...{ host, port, user, password, database },
    // Nothing but a login goes over it, and its address is this machine's.
    ssl: { rejectUnauthorized: false },
    connectTimeout: LOGIN_TIMEOUT_MS,
  });
  return new Promise((resolve) => {
    const end = (isIn: boolean) => {
      connection.destroy();
      resolve(isIn);
    };
    connection.on('error', () => end(false));
    connection.connect((error) => end(!error));
  });
}
