import { copyFile } from 'node:fs/promises';
import { type AddressInfo, connect as connectTo, createServer, type Server } from 'node:net';
import {
  type CertificateName,
  connect,
  type SecuredServer,
  type SqlServer,
  startSecuredSql,
  whyNotSecured,
} from '@rowparity/testkit';
import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noSignal } from '../testing/tablePair.ts';
import { connectionUrl } from './connectionUrl.ts';
import { Session } from './session.ts';

// A server of its own: its certificate changes, and so do its global variables.

const why = whyNotSecured('sql');
const NAMES = ['localhost', '127.0.0.1', '::1', '127.0.0.1 as a host name', 'no name'] as const;
const HOSTS = ['localhost', '127.0.0.1', '[::1]'] as const;
const MATCHES: Readonly<Record<string, CertificateName>> = {
  localhost: 'localhost',
  '127.0.0.1': '127.0.0.1',
  '[::1]': '::1',
};

describe.skipIf(why)(why ?? 'logging in to a secured server', () => {
  let secured: SecuredServer<SqlServer>;
  let admin: Connection;
  let ipv6: Server;

  beforeAll(async () => {
    secured = await startSecuredSql(() => undefined);
    admin = await connect(secured.server);
    ipv6 = createServer((socket) => {
      const onward = connectTo(secured.server.port, '127.0.0.1');
      socket.pipe(onward).pipe(socket);
      for (const end of [socket, onward]) end.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => ipv6.listen(0, '::1', resolve));
  });

  afterAll(async () => {
    ipv6?.close();
    await admin?.end();
    await secured?.stop();
  });

  async function login(host: string, parameters: string, user = 'root', password = secured.server.password) {
    const port = host === '[::1]' ? (ipv6.address() as AddressInfo).port : secured.server.port;
    const url = `mysql://${user}:${password}@${host}:${port}/mysql?${parameters}`;
    const session = await Session.open(connectionUrl.parse(url), 'source');
    const [row] = await session.query("SHOW STATUS LIKE 'Ssl_cipher'", noSignal);
    await session.end();
    return row?.Value === '' ? 'plain' : 'encrypted';
  }

  async function show(name: CertificateName): Promise<void> {
    const { good, named } = secured.certificates;
    await copyFile(named[name].cert, good.cert);
    await copyFile(named[name].key, good.key);
    const { flavour } = secured.server;
    await admin.query(flavour === 'mariadb' ? 'FLUSH SSL' : 'ALTER INSTANCE RELOAD TLS NO ROLLBACK ON ERROR');
  }

  it.each(NAMES)('a certificate for %s is good for that host and for no other', async (name) => {
    await show(name);
    for (const host of HOSTS) {
      const end = login(host, `tls=verify&tlsCa=${secured.certificates.ca}`);
      if (MATCHES[host] === name) expect(await end).toBe('encrypted');
      else await expect(end).rejects.toMatchObject({ class: 'configuration', code: 'TLS_REFUSED' });
      expect(await login(host, 'tls=unverified')).toBe('encrypted');
    }
  });

  it('an account that requires TLS is not just a wrong password', async () => {
    await admin.query("CREATE USER 'careful'@'%' IDENTIFIED BY 'c1' REQUIRE SSL");
    await admin.query("GRANT SELECT ON mysql.* TO 'careful'@'%'");
    await expect(login('localhost', '', 'careful', 'c1')).rejects.toMatchObject({
      class: 'configuration',
      message: expect.stringContaining('tls=verify'),
    });
    expect(await login('localhost', 'tls=unverified', 'careful', 'c1')).toBe('encrypted');
    await expect(login('localhost', 'tls=unverified', 'careful', 'wrong')).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.not.stringContaining('TLS'),
    });
  });

  it('what the server said of a refused login is passed on', async () => {
    await expect(login('localhost', 'tls=unverified', 'stranger', 'x')).rejects.toMatchObject({
      message: expect.stringContaining("Access denied for user 'stranger'@"),
    });
  });

  it('a server that takes nothing but TLS says so', async () => {
    await admin.query('SET GLOBAL require_secure_transport = ON');
    try {
      // To MariaDB's client it is a wrong password.
      await expect(login('localhost', '')).rejects.toMatchObject({
        class: 'configuration',
        code: secured.server.flavour === 'mariadb' ? 'ACCESS_DENIED' : 'TLS_NEEDED',
        message: expect.stringContaining('tls=verify'),
      });
      expect(await login('localhost', 'tls=unverified')).toBe('encrypted');
    } finally {
      await admin.query('SET GLOBAL require_secure_transport = OFF');
    }
  });

  it('caching_sha2: a user that the server has not cached needs TLS or the option, and is cached then', async () => {
    if (secured.server.flavour === 'mariadb') return;
    for (const [user, parameters] of [
      ['fresh1', 'tls=unverified'],
      ['fresh2', 'allowPublicKeyRetrieval=true'],
    ] as const) {
      await admin.query(`CREATE USER '${user}'@'%' IDENTIFIED WITH caching_sha2_password BY 'f1'`);
      await admin.query(`GRANT SELECT ON mysql.* TO '${user}'@'%'`);
      // 0.0.0.0 leads here as well, and is no address of a loopback.
      const plain = () => login('0.0.0.0', '', user, 'f1');
      await expect(plain()).rejects.toMatchObject({ class: 'configuration', code: 'TLS_NEEDED' });
      await login('localhost', parameters, user, 'f1');
      expect(await plain()).toBe('plain');
    }
  });

  it("caching_sha2: on a loopback address the first login goes over the server's own TLS", async () => {
    if (secured.server.flavour === 'mariadb') return;
    await admin.query("CREATE USER 'fresh3'@'%' IDENTIFIED WITH caching_sha2_password BY 'f1'");
    await admin.query("GRANT SELECT ON mysql.* TO 'fresh3'@'%'");
    expect(await login('localhost', '', 'fresh3', 'f1')).toBe('plain');
    await expect(login('localhost', '', 'fresh3', 'wrong')).rejects.toMatchObject({
      class: 'configuration',
      code: 'ACCESS_DENIED',
    });
  });
});
