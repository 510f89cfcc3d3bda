import { expect, it } from 'vitest';
import { startFakeLoginServer } from '../testing/fakeLoginServer.ts';
import { connectionUrl } from './connectionUrl.ts';
import { Session } from './session.ts';

const PASSWORD = 'S3cret-of-ours';
/** An RSA key of 2048 bits encrypts to so many bytes: a packet of that length is the password. */
const ENCRYPTED_BYTES = 256;

async function loginAt(login: { greeting: string; plugin: string }, parameters = '') {
  const server = await startFakeLoginServer(login);
  const url = `mysql://reader:${PASSWORD}@127.0.0.1:${server.port}/shop?statementMs=1000${parameters}`;
  const reason = await Session.open(connectionUrl.parse(url), 'source').catch((error: unknown) => error);
  await server.close();
  return { reason, sent: server.sent() };
}

const hasEncrypted = (sent: Buffer) => sent.includes(Buffer.from([ENCRYPTED_BYTES & 0xff, 1, 0]));

it.each([
  { greeting: 'caching_sha2_password', plugin: 'caching_sha2_password' },
  { greeting: 'mysql_native_password', plugin: 'caching_sha2_password' },
  { greeting: 'caching_sha2_password', plugin: 'sha256_password' },
  { greeting: 'sha256_password', plugin: 'sha256_password' },
])('without TLS the password is not encrypted with a key that the server sends: %j', async (login) => {
  const { reason, sent } = await loginAt(login);
  expect(reason).toMatchObject({ class: 'configuration', code: 'TLS_NEEDED' });
  expect(String(reason)).toContain('allowPublicKeyRetrieval=true');
  expect(hasEncrypted(sent)).toBe(false);
  expect(sent.includes(PASSWORD)).toBe(false);
});

it('with allowPublicKeyRetrieval=true it is, as it was asked for', async () => {
  const login = { greeting: 'caching_sha2_password', plugin: 'caching_sha2_password' };
  const { sent } = await loginAt(login, '&allowPublicKeyRetrieval=true');
  expect(hasEncrypted(sent)).toBe(true);
  expect(sent.includes(PASSWORD)).toBe(false);
});

it.each(['', '&allowPublicKeyRetrieval=true'])(
  'a password in clear text is never sent, with the URL%s',
  async (parameters) => {
    for (const greeting of ['mysql_clear_password', 'caching_sha2_password']) {
      const { reason, sent } = await loginAt({ greeting, plugin: 'mysql_clear_password' }, parameters);
      expect(reason).toMatchObject({ class: 'configuration', code: 'ACCESS_DENIED' });
      expect(String(reason)).toContain('mysql_clear_password');
      expect(sent.includes(PASSWORD)).toBe(false);
    }
  },
);

it('a login that we do not know is told by its name, not tried again', async () => {
  const { reason } = await loginAt({ greeting: 'mysql_native_password', plugin: 'client_ed25519' });
  expect(reason).toMatchObject({ class: 'configuration', code: 'ACCESS_DENIED' });
  expect(String(reason)).toContain('client_ed25519');
});
