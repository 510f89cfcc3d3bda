/** The shared Producer and the event sinks; the only importer of kafkajs. This page only gathers what others may use. */
export type { BatchLimits } from './batching/batcher.ts';
export type { Timers } from './batching/timers.ts';
export * from './createProducer.ts';
export * from './kafka/checkKafka.ts';
export type { KafkaLogLine, KafkaSettings } from './kafka/kafkaClient.ts';
export { type KafkaTransportSettings, kafkaTransport } from './kafka/kafkaTransport.ts';
export {
  DeadlineExceeded,
  type FailedMessage,
  FlushError,
  ProducerClosed,
  type ProducerMessage,
} from './messages/message.ts';
export * from './messages/producer.ts';
export { type EventTarget, eventMessage } from './sinks/eventMessage.ts';
export { type FileEventSinkOptions, fileEventSink } from './sinks/fileEventSink.ts';
export { type KafkaEventSinkOptions, kafkaEventSink } from './sinks/kafkaEventSink.ts';
export { type LineOutput, lineEventSink } from './sinks/lineEventSink.ts';
export { type StreamEventSinkOptions, streamEventSink } from './sinks/streamEventSink.ts';
export * from './transport/transport.ts';
