/**
 * The check at start: do the brokers answer, and does the topic exist? A missing topic is created if a number of
 * partitions is given; otherwise the error says what to do.
 */
import { type Clock, Fault, isOutage } from '@rowparity/contracts';
import type { Admin } from 'kafkajs';
import { type KafkaOptions, kafkaClient } from './kafkaClient.ts';
import { textOf, troubleOf } from './kafkaErrors.ts';
import { KafkaOutage } from './kafkaOutage.ts';

export interface AskOptions extends KafkaOptions {
  readonly withinMs?: number;
  readonly clock: Pick<Clock, 'steadyNow' | 'sleep'>;
}

export interface KafkaCheckOptions extends AskOptions {
  readonly topic?: string;
  /** Makes a missing topic with this many partitions. */
  readonly createPartitions?: number;
}

export interface KafkaCheck {
  readonly brokers: number;
  readonly topic: 'found' | 'created' | 'not asked';
}

/** Long enough for brokers that start together with this process, short enough to tell its supervisor. */
const CHECK_MS = 15_000;
/** As the broker is configured. */
const DEFAULT_REPLICATION = -1;

export function checkKafka(settings: KafkaCheckOptions): Promise<KafkaCheck> {
  return askKafka(settings, (admin) => ask(admin, settings));
}

/** Throws a fault that names the variable when no broker answers in time, or when they refuse the user. */
export async function askKafka<T>(settings: AskOptions, use: (admin: Admin) => Promise<T>): Promise<T> {
  const { clock, withinMs = CHECK_MS, onLog = () => {} } = settings;
  // The fault says what is wrong, so one log line for the tries before it is enough.
  const outage = new KafkaOutage(onLog, clock);
  const admin = kafkaClient({ ...settings, onLog: (line) => outage.hear(line) }).admin();
  const answered = new AbortController();
  const late = clock.sleep(withinMs, answered.signal).then(() => {
    throw new Error(`no answer within ${withinMs / 1000} s`);
  });
  try {
    const answer = admin.connect().then(() => use(admin));
    return await Promise.race([answer, late]);
  } catch (error) {
    throw error instanceof Fault ? error : noAnswer(settings, error);
  } finally {
    answered.abort();
    void admin.disconnect().catch(() => {});
  }
}

async function ask(admin: Admin, settings: KafkaCheckOptions): Promise<KafkaCheck> {
  const { brokers } = await admin.describeCluster();
  const { topic } = settings;
  if (topic === undefined) return { brokers: brokers.length, topic: 'not asked' };
  if ((await admin.listTopics()).includes(topic)) return { brokers: brokers.length, topic: 'found' };
  if (settings.createPartitions === undefined) throw missingTopic(topic);
  await createTopic(admin, topic, settings.createPartitions);
  return { brokers: brokers.length, topic: 'created' };
}

/** Another process may create the topic first: then it exists, which is enough. */
async function createTopic(admin: Admin, topic: string, numPartitions: number): Promise<void> {
  try {
    const replicationFactor = DEFAULT_REPLICATION;
    await admin.createTopics({ topics: [{ topic, numPartitions, replicationFactor }], waitForLeaders: true });
  } catch (cause) {
    // kafkajs also fails when the broker that it asks for the leaders has not heard of the topic yet: sends try again.
    const topics = await admin.listTopics().catch((): string[] => []);
    if (topics.includes(topic)) return;
    const message = `Kafka has no topic ${topic}, and making it failed: ${textOf(cause)}. Create it, or name another.`;
    throw new Fault('configuration', { code: 'EVENTS_NOT_ACKNOWLEDGED', message }, { cause });
  }
}

function missingTopic(topic: string): Fault {
  const message = `Kafka has no topic "${topic}", or does not show it to this user. Create it (kafka-topics.sh --create --topic ${topic}), grant DESCRIBE, or name another in events.topic.`;
  return new Fault('configuration', { code: 'TOPIC_NOT_FOUND', message });
}

function noAnswer({ brokers }: KafkaOptions, cause: unknown): Fault {
  const named = `ROWPARITY_KAFKA_BROKERS: expected Kafka at ${brokers.join(', ')} to answer`;
  if (troubleOf(cause) === 'notAuthorized') {
    const message = `${named}, found that it refuses the user: ${textOf(cause)}. Correct the user, the password or the mechanism.`;
    return new Fault('configuration', { code: 'ACCESS_DENIED', message }, { cause });
  }
  const message = `${named}, found: ${textOf(cause)}. Start those brokers, or correct the variable.`;
  const faultClass = isOutage(cause) ? 'transient' : 'configuration';
  return new Fault(faultClass, { code: 'SERVER_UNREACHABLE', message }, { cause });
}
