/**
 * Checks that the events of a run can be sent before its first row is read, and not after differences were found.
 */
import { Fault, isAllowedTopic } from '@rowparity/contracts';

export interface EventTopicsDeps {
  readonly allowed: readonly string[];
  /** Throws TOPIC_NOT_FOUND where Kafka has no such topic; any other error means that Kafka could not be asked. */
  find(topic: string): Promise<unknown>;
  onTrouble(error: unknown): void;
}

export class EventTopics {
  readonly #deps: EventTopicsDeps;
  /** A found topic is not checked again: the producer reports its loss. A missing one may be created at any time. */
  readonly #found = new Map<string, Promise<unknown>>();

  constructor(deps: EventTopicsDeps) {
    this.#deps = deps;
  }

  /** Throws TOPIC_NOT_ALLOWED or TOPIC_NOT_FOUND. */
  async expect(topic: string): Promise<void> {
    if (!isAllowedTopic(topic, this.#deps.allowed)) throw notAllowed(topic);
    const finding = this.#found.get(topic) ?? this.#deps.find(topic);
    this.#found.set(topic, finding);
    try {
      await finding;
    } catch (error) {
      this.#found.delete(topic);
      if (error instanceof Fault && error.code === 'TOPIC_NOT_FOUND') throw error;
      // An unreachable broker may come back: the events are sent again until then.
      this.#deps.onTrouble(error);
    }
  }
}

function notAllowed(topic: string): Fault {
  const message = `Events may not go to the topic "${topic}": it is not in ROWPARITY_EVENT_TOPICS of this worker. Add it there, on the coordinator and on every worker, or name another in events.topic.`;
  return new Fault('configuration', { code: 'TOPIC_NOT_ALLOWED', message });
}
