/** Sorts the errors of kafkajs by the remedy: split the batch, ask an operator, or try again. */

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
]);

/** kafkajs wraps errors in errors: the broker's own error is one of the causes. */
export function troubleOf(error: unknown): KafkaTrouble {
  for (const cause of causesOf(error)) {
    const { type, name } = cause as { readonly type?: string; readonly name?: string };
    const trouble = TROUBLES.get(type ?? '') ?? TROUBLES.get(name ?? '');
    if (trouble) return trouble;
  }
  return 'unreachable';
}

/** A chain of causes longer than this is a ring. */
const CAUSES_MAX = 10;

function causesOf(error: unknown): readonly object[] {
  const causes: object[] = [];
  for (let next = error; typeof next === 'object' && next !== null && causes.length < CAUSES_MAX; ) {
    causes.push(next);
    next = (next as { readonly cause?: unknown }).cause;
  }
  return causes;
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
