/** Transport security as the clients of Redis and Kafka take it, from options that several services share. */
import type { Config } from './option.ts';
import { ConfigurationError } from './option.ts';
import type { kafkaSecurity, redisTls } from './serviceOptions.ts';

export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface KafkaLogin {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

export function redisSecurityOf(config: Config<typeof redisTls>): { readonly tls?: TlsMaterial } {
  const { redisTlsCa: ca, redisTlsCert: cert, redisTlsKey: key } = config;
  requirePair({ ROWPARITY_REDIS_TLS_CERT: cert, ROWPARITY_REDIS_TLS_KEY: key });
  const tls = material({ ca, cert, key });
  return Object.keys(tls).length > 0 ? { tls } : {};
}

export function kafkaSecurityOf(config: Config<typeof kafkaSecurity>): {
  readonly tls?: true | TlsMaterial;
  readonly sasl?: KafkaLogin;
} {
  const { kafkaTls, kafkaTlsCa: ca, kafkaTlsCert: cert, kafkaTlsKey: key } = config;
  requirePair({ ROWPARITY_KAFKA_TLS_CERT: cert, ROWPARITY_KAFKA_TLS_KEY: key });
  const tls = material({ ca, cert, key });
  const hasMaterial = Object.keys(tls).length > 0;
  if (hasMaterial && kafkaTls === 'off') {
    throw new ConfigurationError(
      'ROWPARITY_KAFKA_TLS: expected verify, because certificates for Kafka are set; found off.',
    );
  }
  const { kafkaSasl: mechanism, kafkaUsername: username, kafkaPassword: password } = config;
  if (!mechanism) {
    if (username === undefined && password === undefined)
      return kafkaTls === 'off' ? {} : { tls: hasMaterial ? tls : true };
    throw new ConfigurationError(
      'ROWPARITY_KAFKA_SASL: expected plain, scram-sha-256 or scram-sha-512, because a user or a password for Kafka is set; it is not set.',
    );
  }
  if (username === undefined || password === undefined) {
    throw new ConfigurationError(
      'ROWPARITY_KAFKA_USERNAME, ROWPARITY_KAFKA_PASSWORD: expected both, because ROWPARITY_KAFKA_SASL is set.',
    );
  }
  const sasl = { mechanism, username, password };
  return { ...(kafkaTls === 'off' ? {} : { tls: hasMaterial ? tls : true }), sasl };
}

function material({
  ca,
  cert,
  key,
}: {
  ca: string | undefined;
  cert: string | undefined;
  key: string | undefined;
}): TlsMaterial {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

function requirePair(variables: Readonly<Record<string, string | undefined>>): void {
  const missing = Object.values(variables).filter((text) => text === undefined);
  if (missing.length === 1) {
    throw new ConfigurationError(`${Object.keys(variables).join(', ')}: expected both or neither.`);
  }
}
