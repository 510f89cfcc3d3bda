/** The shared Producer and the event sinks; the only importer of Kafka's clients. What others may use. */

export { createProducer, type ProducerMode } from './createProducer.ts';
export { checkKafka } from './kafka/checkKafka.ts';
export { type KafkaClientName, KafkaTransport } from './kafka/kafkaTransport.ts';
export { readKafkaFacts } from './kafka/readKafkaFacts.ts';
export { tailTopic } from './kafka/tailTopic.ts';
export type { ProducerMessage } from './messages/message.ts';
export { eventMessage } from './sinks/eventMessage.ts';
export { fileEventSink } from './sinks/fileEventSink.ts';
export { kafkaEventSink } from './sinks/kafkaEventSink.ts';
export { type LineOutput, lineEventSink } from './sinks/lineEventSink.ts';
