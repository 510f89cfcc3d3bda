// The settings of the one-node Kafka of the tests, native or in a container, by their names in server.properties.

export interface KafkaListeners {
  readonly brokerBind: string;
  readonly brokerAdvertised: string;
  readonly controllerBind: string;
  /** host:port under which the node reaches its own controller. */
  readonly controllerVoter: string;
}

export function kafkaSettings(listeners: KafkaListeners): Readonly<Record<string, string>> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@${listeners.controllerVoter}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    listeners: `PLAINTEXT://${listeners.brokerBind},CONTROLLER://${listeners.controllerBind}`,
    'advertised.listeners': `PLAINTEXT://${listeners.brokerAdvertised}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    // A topic must be made by whoever wants it: a typing error in its name must not make another.
    'auto.create.topics.enable': 'false',
    'num.partitions': '1',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
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
