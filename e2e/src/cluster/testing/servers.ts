// The servers that every scene reads from and sends to: two MySQL with planted differences, and Kafka, in a namespace
// of their own. Each scene has its own Redis.

import { Kubectl } from './kubectl.ts';
import { NAMESPACE_PREFIX } from './namespaces.ts';
import { serverObjects } from './serverObjects.ts';
import type { ClusterOptions } from './settings.ts';
import { destinationSql, sourceSql } from './shop.ts';

const ROOT_WORD = 'rowparity';
type Side = 'source' | 'destination';

export class Servers {
  readonly namespace = `${NAMESPACE_PREFIX}servers`;
  readonly #kubectl: Kubectl;
  readonly #settings: ClusterOptions;

  constructor(settings: ClusterOptions) {
    this.#settings = settings;
    this.#kubectl = new Kubectl(settings.kubeconfig, this.namespace);
  }

  get kafka(): string {
    return `kafka.${this.namespace}.svc:9092`;
  }

  url(side: Side): string {
    return `mysql://rowparity:hidden-mysql@mysql-${side}.${this.namespace}.svc:3306/shop?allowPublicKeyRetrieval=true`;
  }

  async start(say: (line: string) => void): Promise<void> {
    const { rows } = this.#settings;
    const namespace = { name: this.namespace };
    say('servers');
    await this.#kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: namespace });
    await this.#kubectl.apply(...this.#mysql('source'), ...this.#mysql('destination'), ...this.#kafka());
    await this.#kubectl.run('wait', '--for=condition=Available', '--timeout=10m', 'deployment', '--all');
    say(`data: ${rows} customers and ${2 * rows} items of orders on either server`);
    await Promise.all([this.sql('source', sourceSql(rows)), this.sql('destination', destinationSql(rows))]);
  }

  async remove(): Promise<void> {
    await this.#kubectl.run('delete', 'namespace', this.namespace, '--timeout=3m');
  }

  sql(side: Side, statements: string): Promise<string> {
    const command = ['sh', '-c', `MYSQL_PWD=${ROOT_WORD} exec mysql -N -u root shop`];
    return this.#kubectl.exec(`deployment/mysql-${side}`, command, statements);
  }

  /** The values of all messages of a topic, in the order of their partitions. */
  async messages(topic: string): Promise<readonly string[]> {
    const offsets = await this.#tool('kafka-get-offsets', `--topic ${topic}`);
    const sent = offsets.split('\n').reduce((sum, line) => sum + Number(line.split(':')[2] ?? 0), 0);
    if (sent === 0) return [];
    const flags = `--topic ${topic} --from-beginning --max-messages ${sent}`;
    return (await this.#tool('kafka-console-consumer', flags)).split('\n').filter(Boolean);
  }

  async createTopic(topic: string): Promise<void> {
    await this.#tool('kafka-topics', `--create --if-not-exists --topic ${topic} --partitions 6`);
  }

  async partitions(topic: string): Promise<number> {
    const told = await this.#tool('kafka-topics', `--describe --topic ${topic}`);
    return Number(/PartitionCount:\s*(\d+)/.exec(told)?.[1]);
  }

  #tool(tool: string, flags: string): Promise<string> {
    const command = `exec /opt/kafka/bin/${tool}.sh --bootstrap-server localhost:9092 ${flags}`;
    return this.#kubectl.exec('deployment/kafka', ['sh', '-c', command]);
  }

  #mysql(side: Side) {
    const ask = `MYSQL_PWD=${ROOT_WORD} mysql -h 127.0.0.1 -u root -e "SELECT 1" shop`;
    return serverObjects({
      ...{ name: `mysql-${side}`, image: this.#settings.servers.mysql, port: 3306 },
      args: ['mysqld', '--skip-log-bin', '--innodb-buffer-pool-size=512M', '--mysqlx=OFF'],
      env: { MYSQL_ROOT_PASSWORD: ROOT_WORD, MYSQL_DATABASE: 'shop' },
      readiness: ['sh', '-c', ask],
    });
  }

  #kafka() {
    return serverObjects({
      ...{ name: 'kafka', image: this.#settings.servers.kafka, port: 9092 },
      env: {
        KAFKA_NODE_ID: '1',
        KAFKA_PROCESS_ROLES: 'broker,controller',
        KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
        KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
        KAFKA_LISTENERS: 'INSIDE://:9092,CONTROLLER://:9093',
        KAFKA_ADVERTISED_LISTENERS: `INSIDE://kafka.${this.namespace}.svc:9092`,
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT',
        KAFKA_INTER_BROKER_LISTENER_NAME: 'INSIDE',
        KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
        KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
        KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
        KAFKA_HEAP_OPTS: '-Xmx512m',
      },
    });
  }
}
