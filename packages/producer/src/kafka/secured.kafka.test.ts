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
import { BrokersUnreachable, TopicUnusable } from '../transport/transport.ts';
import { checkKafka } from './checkKafka.ts';
import { KAFKA_CLIENTS } from './kafkaSender.ts';
import { KafkaTransport, type KafkaTransportOptions } from './kafkaTransport.ts';
import { readTopic } from './testing/readTopic.ts';

const why = whyNotSecured('kafka');
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const CERTIFICATES = ['otherHost', 'expired', 'stranger'] as const;
const REFUSALS = { otherHost: /does not match|altnames/i, expired: /expired/i, stranger: /certificate/i };

describe.skipIf(why)(why ?? 'a secured server', () => {
  let secured: SecuredServer<KafkaDescription>;

  beforeAll(async () => {
    secured = await startSecuredKafka(() => undefined);
  }, 120_000);

  afterAll(() => secured?.stop());

  function settings(
    mechanism: (typeof MECHANISMS)[number],
    password: string = SECURED_USER.password,
  ): KafkaTransportOptions {
    return {
      brokers: secured.server.brokers,
      clock: systemClock,
      tls: { ca: readFileSync(secured.certificates.ca, 'utf8') },
      sasl: { mechanism, username: SECURED_USER.username, password },
    };
  }

  /** Ends every connection that accepts its certificate. */
  async function brokerWith(certificate: (typeof CERTIFICATES)[number]) {
    const { cert, key } = secured.certificates[certificate];
    const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) =>
      socket.end(),
    );
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { port, close: () => server.close() };
  }

  describe.each(KAFKA_CLIENTS)('%s', (client) => {
    const message = (topic: string) => ({ topic, key: 'k', value: 'v' });

    it.each(MECHANISMS)('messages go out over TLS with %s', async (mechanism) => {
      const topic = `secured-${client}-${mechanism}`;
      await checkKafka({ ...settings(mechanism), topic, createPartitions: 1 });
      const producer = createProducer({
        clock: systemClock,
        transport: new KafkaTransport({ ...settings(mechanism), client }),
      });
      await producer.send({ topic, key: 'k', value: mechanism });
      await producer.close();
      const messages = await readTopic(settings(mechanism), topic);
      expect(messages.map(({ value }) => value)).toEqual([mechanism]);
    });

    it.each(MECHANISMS)(
      'a producer with a wrong password for %s is refused, not unreachable',
      {
        timeout: 30_000,
      },
      async (mechanism) => {
        const lines: string[] = [];
        const transport = new KafkaTransport({
          ...settings(mechanism, 'wrong-word'),
          client,
          deliveryMs: 8000,
          onLog: ({ message: line }) => void lines.push(line),
        });
        const [failed] = await transport.send([message('secured')], new AbortController().signal);
        await transport.close();
        expect(failed?.error).toBeInstanceOf(TopicUnusable);
        expect([failed?.error.message, ...lines].join()).not.toContain('wrong-word');
      },
    );

    it.each(CERTIFICATES)(
      'a producer sends nothing to a broker whose certificate is %s',
      async (certificate) => {
        const { port, close } = await brokerWith(certificate);
        const transport = new KafkaTransport({
          ...settings('plain'),
          client,
          brokers: [`127.0.0.1:${port}`],
          deliveryMs: 1000,
        });
        const [failed] = await transport.send([message('secured')], new AbortController().signal);
        await transport.close();
        close();
        expect(failed?.error).toBeInstanceOf(BrokersUnreachable);
        expect(failed?.error.message).toMatch(REFUSALS[certificate]);
      },
    );
  });

  it.each(MECHANISMS)('a wrong password for %s is refused and not shown', async (mechanism) => {
    const refusal = await checkKafka({ ...settings(mechanism, 'wrong-word'), withinMs: 8000 }).catch(
      (error: Error) => error,
    );
    expect(refusal).toMatchObject({ class: 'configuration' });
    expect((refusal as Error).message).toMatch(/auth|password|SASL/i);
    expect((refusal as Error).message).not.toContain('wrong-word');
  });

  it.each(CERTIFICATES)('a broker whose certificate is %s is refused with a reason', async (certificate) => {
    const { port, close } = await brokerWith(certificate);
    const refusal = await checkKafka({
      ...settings('plain'),
      brokers: [`127.0.0.1:${port}`],
      withinMs: 8000,
    }).catch((error: Error) => error);
    close();
    expect(refusal).toMatchObject({ class: 'configuration' });
    expect((refusal as Error).message).toMatch(REFUSALS[certificate]);
  });
});
