// The settings of the one-node Kafka of the tests, native or in a container, by their names in server.properties.

export interface KafkaListeners {
  readonly brokerBind: string;
  readonly brokerAdvertised: string;
  readonly controllerBind: string;
  /** host:port under which the node reaches its own controller. */
  readonly controllerVoter: string;
  /** One of several nodes, each broker and controller: its number from 1, and host:port of every one's controller. */
  readonly cluster?: { readonly node: number; readonly controllers: readonly string[] };
}

/**
 * Everything is allowed until there is a rule: a test can deny one topic. Not in a cluster, whose nodes would
 * have to be users with a name before they may vote for a controller.
 */
const AUTHORIZER = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'true',
};

export function kafkaSettings(listeners: KafkaListeners): Readonly<Record<string, string>> {
  const { node, controllers } = listeners.cluster ?? { node: 1, controllers: [listeners.controllerVoter] };
  const copies = String(controllers.length);
  return {
    'process.roles': 'broker,controller',
    'node.id': String(node),
    'controller.quorum.voters': controllers.map((address, i) => `${i + 1}@${address}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    listeners: `PLAINTEXT://${listeners.brokerBind},CONTROLLER://${listeners.controllerBind}`,
    'advertised.listeners': `PLAINTEXT://${listeners.brokerAdvertised}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    // Each test makes the topics that it wants: a typing error in its name must not make another.
    'auto.create.topics.enable': 'false',
    'num.partitions': '1',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    ...(listeners.cluster ? {} : AUTHORIZER),
    // A killed broker is let in again only when its old session has ended: 9 s by default.
    'broker.session.timeout.ms': '2500',
    'broker.heartbeat.interval.ms': '400',
  };
}

export function asProperties(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** As the official image wants them: `node.id` is KAFKA_NODE_ID. */
export function asContainerEnvironment(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      `KAFKA_${name.replaceAll('.', '_').toUpperCase()}`,
      value,
    ]),
  );
}
