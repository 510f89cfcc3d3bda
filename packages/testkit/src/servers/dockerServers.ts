// Each kind of server as a container: image, environment, command. Images come from variables, with the
// official ones as defaults.

import { askKafka, askRedis, askSql } from './answers.ts';
import type { Context } from './context.ts';
import { startContainer } from './docker.ts';
import { asContainerEnvironment, kafkaSettings } from './kafkaSettings.ts';
import { REDIS_OPTIONS } from './nativeRedis.ts';
import { sqlAddress } from './nativeSql.ts';
import type { KafkaServer, RedisServer, SideName, SqlServer, WantedFlavour } from './server.ts';
import { sqlOptions } from './sqlSettings.ts';

export async function startDockerSql(
  context: Context,
  side: SideName,
  wanted: WantedFlavour,
): Promise<SqlServer> {
  const flavour = wanted === 'mariadb' ? 'mariadb' : 'mysql';
  const password = sqlAddress('', 0).password;
  const image =
    flavour === 'mysql'
      ? (context.env.ROWPARITY_IMAGE_MYSQL ?? 'mysql:9.7')
      : (context.env.ROWPARITY_IMAGE_MARIADB ?? 'mariadb:11.8');
  const addressAt = ({ host, port }: { host: string; port: number }) => ({
    ...{ host, port, password, user: 'root' },
    url: `mysql://root:${password}@${host}:${port}`,
  });
  const { host, port, ...running } = await startContainer({
    image,
    containerPort: 3306,
    environment: () => ({ [`${flavour.toUpperCase()}_ROOT_PASSWORD`]: password }),
    command: sqlOptions(flavour, side),
    answers: (address) => askSql(addressAt(address)),
  });
  const address = addressAt({ host, port });
  return { ...address, ...(await askSql(address)), ...running };
}

export async function startDockerRedis(context: Context): Promise<RedisServer> {
  const urlAt = (address: { host: string; port: number }) => `redis://${address.host}:${address.port}`;
  const { host, port, ...running } = await startContainer({
    image: context.env.ROWPARITY_IMAGE_REDIS ?? 'redis:8',
    containerPort: 6379,
    environment: () => ({}),
    command: ['redis-server', ...REDIS_OPTIONS],
    answers: (address) => askRedis(urlAt(address)),
  });
  return { url: urlAt({ host, port }), ...running };
}

export async function startDockerKafka(context: Context): Promise<KafkaServer> {
  const { host, port, ...running } = await startContainer({
    image: context.env.ROWPARITY_IMAGE_KAFKA ?? 'apache/kafka:4.1.0',
    containerPort: 9092,
    environment: (address) => ({
      ...asContainerEnvironment(
        kafkaSettings({
          brokerBind: ':9092',
          brokerAdvertised: `${address.host}:${address.port}`,
          controllerBind: ':9093',
          controllerVoter: 'localhost:9093',
        }),
      ),
      KAFKA_HEAP_OPTS: '-Xmx384m',
    }),
    answers: (address) => askKafka([`${address.host}:${address.port}`]),
  });
  return { brokers: [`${host}:${port}`], ...running };
}
