import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { SECURED_USER, type SecuredServer, startSecuredRedis, whyNotSecured } from '@rowparity/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkRedis } from './checkRedis.ts';
import { closeRedis, connectRedis } from './connectRedis.ts';

const why = whyNotSecured('redis');

describe.skipIf(why)(why ?? 'a secured server', () => {
  let secured: SecuredServer<{ readonly port: number }>;

  beforeAll(async () => {
    secured = await startSecuredRedis(() => undefined);
  });

  afterAll(() => secured?.stop());

  const user = `${SECURED_USER.username}:${encodeURIComponent(SECURED_USER.password)}`;

  async function check(url: string, tls: Parameters<typeof connectRedis>[0]['tls']): Promise<string> {
    const redis = connectRedis({ url, use: 'http', onError: () => undefined, ...(tls ? { tls } : {}) });
    try {
      return (await checkRedis(redis, { withinMs: 3000 })).version;
    } finally {
      await closeRedis(redis);
    }
  }

  function material() {
    const { ca, good } = secured.certificates;
    return {
      ca: readFileSync(ca, 'utf8'),
      cert: readFileSync(good.cert, 'utf8'),
      key: readFileSync(good.key, 'utf8'),
    };
  }

  it('TLS with a client certificate and an ACL user', async () => {
    expect(await check(`rediss://${user}@localhost:${secured.server.port}`, material())).toMatch(/^\d/);
    expect(await check(`rediss://${user}@127.0.0.1:${secured.server.port}`, material())).toMatch(/^\d/);
  });

  it('a wrong password is refused as configuration, and not shown', async () => {
    const refusal = await check(
      `rediss://parity:wrong-word@localhost:${secured.server.port}`,
      material(),
    ).catch((error: Error) => error);
    expect(refusal).toMatchObject({ class: 'configuration' });
    expect((refusal as Error).message).not.toContain('wrong-word');
  });

  it('an unknown authority is refused by name', async () => {
    const { cert, key } = material();
    const refusal = check(`rediss://${user}@localhost:${secured.server.port}`, { cert, key });
    await expect(refusal).rejects.toThrow(/certificate/i);
    await expect(refusal).rejects.toMatchObject({ class: 'configuration' });
  });

  it.each(['otherHost', 'expired', 'stranger'] as const)(
    'a certificate that is %s is refused with a reason',
    async (certificate) => {
      const { cert, key } = secured.certificates[certificate];
      const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) =>
        socket.end(),
      );
      server.on('tlsClientError', () => undefined);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const refusal = await check(`rediss://127.0.0.1:${port}`, material()).catch((error: Error) => error);
      server.close();
      expect(refusal).toMatchObject({ class: 'configuration' });
      expect((refusal as Error).message).toMatch(
        { otherHost: /does not match|altnames/i, expired: /expired/i, stranger: /certificate/i }[certificate],
      );
    },
  );
});
