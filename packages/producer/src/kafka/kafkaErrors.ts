/** Sorts the errors of the Kafka clients by the remedy: split the batch, ask an operator, or try again. */

export type KafkaTrouble = 'tooLarge' | 'noTopic' | 'notAuthorized' | 'unreachable';

const TROUBLES: ReadonlyMap<string, KafkaTrouble> = new Map([
  ['MESSAGE_TOO_LARGE', 'tooLarge'],
  ['RECORD_LIST_TOO_LARGE', 'tooLarge'],
  ['UNKNOWN_TOPIC_OR_PARTITION', 'noTopic'],
  ['INVALID_TOPIC_EXCEPTION', 'noTopic'],
  ['TOPIC_AUTHORIZATION_FAILED', 'notAuthorized'],
  ['CLUSTER_AUTHORIZATION_FAILED', 'notAuthorized'],
  ['SASL_AUTHENTICATION_FAILED', 'notAuthorized'],
  ['ILLEGAL_SASL_STATE', 'notAuthorized'],
  ['UNSUPPORTED_SASL_MECHANISM', 'notAuthorized'],
  ['KafkaJSSASLAuthenticationError', 'notAuthorized'],
  ['PLT_KFK_AUTHENTICATION', 'notAuthorized'],
]);

/** kafkajs names the broker's own error `type`, @platformatic/kafka `apiId`. */
interface ClientError {
  readonly type?: string;
  readonly apiId?: string;
  readonly code?: string;
  readonly name?: string;
  readonly message?: string;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** Both libraries wrap errors in errors: the broker's own error is one of the causes. */
export function troubleOf(error: unknown): KafkaTrouble {
  for (const cause of causesOf(error)) {
    if (isUnknownTopic(cause)) return 'noTopic';
    const { type, apiId, code, name } = cause;
    const words = [type, apiId === UNKNOWN_PARTITION ? '' : apiId, code, name];
    const known = words.map((word) => TROUBLES.get(word ?? '')).find(Boolean);
    if (known) return known;
  }
  return 'unreachable';
}

/**
 * In an answer to a produce request of @platformatic/kafka: the topic is there, or was until now. Only its look at the
 * topic tells that there is none.
 */
const UNKNOWN_PARTITION = 'UNKNOWN_TOPIC_OR_PARTITION';

/** @platformatic/kafka leaves the broker's error out of this one. */
function isUnknownTopic({ code, message = '' }: ClientError): boolean {
  return code === 'PLT_KFK_USER' && message.startsWith('Unknown topic ');
}

/** More errors than this in one are a ring. */
const CAUSES_MAX = 1000;

function causesOf(error: unknown): readonly ClientError[] {
  const causes: ClientError[] = [];
  const next = [error];
  while (next.length > 0 && causes.length < CAUSES_MAX) {
    const one = next.shift();
    if (typeof one !== 'object' || one === null) continue;
    causes.push(one);
    next.unshift((one as ClientError).cause, ...partsOf(one));
  }
  return causes;
}

/** Of several tries the last one tells how things are; of several brokers or partitions each counts. */
function partsOf({ errors = [], message = '' }: ClientError): readonly unknown[] {
  return /failed \d+ times\.$/.test(message) ? errors.slice(-1) : errors;
}

/** What was the matter in the end: around it, @platformatic/kafka only says which step failed. */
export function textOf(error: unknown): string {
  const causes = causesOf(error);
  const isWrapped = causes[0]?.code?.startsWith('PLT_KFK_');
  return (isWrapped ? causes.at(-1)?.message : causes[0]?.message) || String(error);
}
