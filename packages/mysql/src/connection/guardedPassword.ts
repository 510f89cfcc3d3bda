/**
 * Guards logins that would reveal the password on a link without TLS. With caching_sha2_password and
 * sha256_password the client asks the server for an RSA key and encrypts the password with it. A server in the middle
 * sends its own key and reads the password. mysql2 allows this by default; the mysql client refuses it, and so do we.
 */
import { Fault } from '@rowparity/contracts';
import { authPlugins } from 'mysql2';

type AuthPlugin = ReturnType<typeof authPlugins.sha256_password>;
type PluginName = 'caching_sha2_password' | 'sha256_password';

/** Pass it to mysql2 on links without TLS. A login by the server's cache of hashes still works. */
export function guardedPlugins(place: string): Readonly<Record<PluginName, AuthPlugin>> {
  return {
    caching_sha2_password: withoutServerKey('caching_sha2_password', place),
    sha256_password: withoutServerKey('sha256_password', place),
  };
}

function withoutServerKey(name: PluginName, place: string): AuthPlugin {
  const plugin = authPlugins[name]({});
  return (metadata) => {
    const answerTo = plugin(metadata);
    return (data) => {
      const answer = answerTo(data);
      if (isKeyRequest(answer)) throw keyRefused(name, place);
      return answer;
    };
  };
}

/** The request is one byte; a hash or an encrypted password is longer. */
function isKeyRequest(answer: unknown): boolean {
  return Buffer.isBuffer(answer) && answer.length === 1;
}

function keyRefused(name: PluginName, place: string): Fault {
  const message = `${place}: the server asks for the whole password (${name}), and the link has no TLS: it would be encrypted with a key that any machine in between may have sent. Use TLS (tls=verify in the connection URL), or accept any key (allowPublicKeyRetrieval=true). A wrong password is asked for in the same way.`;
  return new Fault('configuration', { code: 'TLS_NEEDED', message });
}
