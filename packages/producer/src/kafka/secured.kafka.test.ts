import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { systemClock } from '@rowparity/runtime';
import {
  type KafkaDescription,
  SECURED_USER,
  type SecuredServer,
  startSecuredKafka,
  whyNotSecured,
} from '@rowparity/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProducer } from '../createProducer.ts';
import { checkKafka } from './checkKafka.ts';
import { KafkaTransport, type KafkaTransportOptions } from './kafkaTransport.ts';
import { readTopic } from './testing/readTopic.ts';

const why = whyNotSecured('kafka');

describe.skipIf(why)(why ?? 'a secured server', () => {
  let secured: SecuredServer<KafkaDescription>;

  beforeAll(async () => {
    secured = await startSecuredKafka(() => undefined);
  }, 120_000);

  afterAll(() => secured?.stop());

  function settings(
    mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512',
    password: string = SECURED_USER.password,
  ): KafkaTransportOptions {
    return {
      brokers: secured.server.brokers,
      clock: systemClock,
      tls: { ca: readFileSync(secured.certificates.ca, 'utf8') },
      sasl: { mechanism, username: SECURED_USER.username, password },
    };
  }

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    'messages go out over TLS with %s',
    async (mechanism) => {
      const topic = `secured-${mechanism}`;
      await checkKafka({ ...settings(mechanism), topic, createPartitions: 1 });
      const producer = createProducer({
        clock: systemClock,
        transport: new KafkaTransport(settings(mechanism)),
      });
      await producer.send({ topic, key: 'k', value: mechanism });
      await producer.close();
      const messages = await readTopic(settings(mechanism), topic);
      expect(messages.map(({ value }) => value)).toEqual([mechanism]);
    },
  );

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    'a wrong password for %s is refused and not shown',
    async (mechanism) => {
      const refusal = await checkKafka({ ...settings(mechanism, 'wrong-word'), withinMs: 8000 }).catch(
        (error: Error) => error,
      );
      expect(refusal).toMatchObject({ class: 'configuration' });
      expect((refusal as Error).message).toMatch(/auth|password|SASL/i);
      expect((refusal as Error).message).not.toContain('wrong-word');
    },
  );

  it.each(['otherHost', 'expired', 'stranger'] as const)(
    'a broker whose certificate is %s is refused with a reason',
    async (certificate) => {
      const { cert, key } = secured.certificates[certificate];
      const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) =>
        socket.end(),
      );
      server.on('tlsClientError', () => undefined);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const refusal = await checkKafka({
        ...settings('plain'),
        brokers: [`127.0.0.1:${port}`],
        withinMs: 8000,
      }).catch((error: Error) => error);
      server.close();
      expect(refusal).toMatchObject({ class: 'configuration' });
      expect((refusal as Error).message).toMatch(
        { otherHost: /does not match|altnames/i, expired: /expired/i, stranger: /certificate/i }[certificate],
      );
    },
  );
});
