/**
 * Checks that a server's certificate names the host or the IP address of the connection URL. mysql2 passes no server
 * name for an IP address, and Node then checks the certificate for "localhost": it takes a wrong one and refuses the
 * right one.
 */
import { checkServerIdentity, type TLSSocket } from 'node:tls';
import type { Connection } from 'mysql2';

/** What mysql2 does when the server has agreed to TLS: the password is sent only after `onSecure`. */
interface Upgrading {
  readonly stream: TLSSocket;
  startTLS(onSecure: (error?: Error) => void): void;
}

/** Call it before the handshake. On a wrong name the handshake fails, and no password is sent. */
export function checkCertificateName(connection: Connection, host: string): void {
  const upgrading = connection as unknown as Upgrading;
  const startTls = upgrading.startTLS.bind(connection);
  upgrading.startTLS = (onSecure) =>
    startTls((error) => onSecure(error ?? checkServerIdentity(host, upgrading.stream.getPeerCertificate())));
}
