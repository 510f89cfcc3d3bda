import { copyFile } from 'node:fs/promises';
import {
  connect,
  type SecuredServer,
  type SqlServer,
  startSecuredSql,
  whyNotSecured,
} from '@rowparity/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionUrl } from './connectionUrl.ts';
import { SessionPool } from './sessionPool.ts';

// A server of its own, with certificates of an authority of its own.

const why = whyNotSecured('sql');

describe.skipIf(why)(why ?? 'a secured server', () => {
  let secured: SecuredServer<SqlServer>;

  beforeAll(async () => {
    secured = await startSecuredSql(() => undefined);
  });

  afterAll(() => secured?.stop());

  async function cipherAt(host: string, parameters: string): Promise<string> {
    const { user, password, port } = secured.server;
    const url = `mysql://${user}:${password}@${host}:${port}/mysql?${parameters}`;
    const pool = new SessionPool(connectionUrl.parse(url), { ref: 'source', idleMax: 1 });
    try {
      const session = await pool.take();
      const [row] = await session.query("SHOW STATUS LIKE 'Ssl_cipher'", new AbortController().signal);
      await pool.release(session);
      return String(row?.Value);
    } finally {
      await pool.close();
    }
  }

  /** The server shows another certificate from now on. */
  async function show(certificate: 'good' | 'expired' | 'otherHost' | 'stranger'): Promise<void> {
    const { good } = secured.certificates;
    const { cert, key } = secured.certificates[certificate];
    if (certificate !== 'good') {
      await copyFile(cert, good.cert);
      await copyFile(key, good.key);
    }
    const connection = await connect(secured.server);
    await connection.query(
      secured.server.flavour === 'mariadb' ? 'FLUSH SSL' : 'ALTER INSTANCE RELOAD TLS NO ROLLBACK ON ERROR',
    );
    await connection.end();
  }

  it('a trusted certificate that names the host is taken, with a client certificate too', async () => {
    const { ca, good } = secured.certificates;
    expect(await cipherAt('127.0.0.1', 'tls=off')).toBe('');
    expect(await cipherAt('127.0.0.1', `tls=verify&tlsCa=${ca}`)).not.toBe('');
    expect(await cipherAt('localhost', `tls=verify&tlsCa=${ca}`)).not.toBe('');
    const client = `tlsCert=${good.cert}&tlsKey=${good.key}`;
    expect(await cipherAt('127.0.0.1', `tls=verify&tlsCa=${ca}&${client}`)).not.toBe('');
  });

  it('an untrusted authority is refused', async () => {
    await expect(cipherAt('127.0.0.1', 'tls=verify')).rejects.toMatchObject({
      code: 'TLS_REFUSED',
      class: 'configuration',
    });
  });

  it.each(['otherHost', 'expired', 'stranger'] as const)(
    'a certificate that is %s is refused with a reason, and only unverified takes it',
    async (certificate) => {
      await show(certificate);
      const { ca } = secured.certificates;
      const refusal = await cipherAt('127.0.0.1', `tls=verify&tlsCa=${ca}`).catch((error: Error) => error);
      expect(refusal).toMatchObject({ code: 'TLS_REFUSED', class: 'configuration' });
      expect((refusal as Error).message).toMatch(
        { otherHost: /host|name/i, expired: /expired/i, stranger: /authority|certificate|signed/i }[
          certificate
        ],
      );
      expect(await cipherAt('127.0.0.1', 'tls=unverified')).not.toBe('');
    },
  );

  it('a file of authorities that is not there is named', async () => {
    await expect(cipherAt('127.0.0.1', 'tls=verify&tlsCa=/nowhere/ca.pem')).rejects.toThrow(
      '/nowhere/ca.pem',
    );
  });
});
