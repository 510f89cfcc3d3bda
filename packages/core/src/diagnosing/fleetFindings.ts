/** What the facts of Redis and Kafka mean for the services. */
import type { Finding } from '@rowparity/contracts';
import type { KafkaFacts, RedisFacts, TopicFacts } from './facts.ts';

const SUBJECT = 'services';
const SOUND_TOPICS_MAX = 10;

/** Of a Redis that is new enough: an older one is a fault of its check. */
export function redisFindings({ version, evictionPolicy, isAppendOnly }: RedisFacts): Finding[] {
  return [
    { subject: SUBJECT, check: 'redis', level: 'ok', message: `Redis ${version}` },
    evictionFinding(evictionPolicy),
    persistenceFinding(isAppendOnly),
  ];
}

function evictionFinding(policy: string | undefined): Finding {
  const common = { subject: SUBJECT, check: 'eviction' } as const;
  if (policy === 'noeviction') return { ...common, level: 'ok', message: 'maxmemory-policy is noeviction' };
  if (policy === undefined) {
    return { ...common, level: 'skipped', message: 'Redis does not tell its maxmemory-policy' };
  }
  return {
    ...common,
    level: 'error',
    message: `maxmemory-policy is ${policy}: Redis may throw away parts of the ledger`,
    remedy: 'CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.',
  };
}

function persistenceFinding(isAppendOnly: boolean | undefined): Finding {
  const common = { subject: SUBJECT, check: 'persistence' } as const;
  if (isAppendOnly) return { ...common, level: 'ok', message: 'the append-only file is on' };
  if (isAppendOnly === undefined) {
    return {
      ...common,
      level: 'skipped',
      message: 'Redis does not tell whether it keeps an append-only file',
    };
  }
  return {
    ...common,
    level: 'warning',
    message: 'the append-only file is off: Redis may forget runs when it restarts',
    remedy: 'CONFIG SET appendonly yes, and the same in redis.conf.',
  };
}

/** Every topic that has a fault is named; of the others the first ones. */
export function kafkaFindings({ brokers, topics, unread }: KafkaFacts): Finding[] {
  const head: Finding = {
    ...{ subject: SUBJECT, check: 'kafka', level: 'ok' },
    message: `${brokers} ${brokers === 1 ? 'broker answers' : 'brokers answer'}`,
  };
  const found = topics.map((topic) => topicFinding(topic, brokers));
  const faulty = found.filter(({ level }) => level !== 'ok');
  const sound = found.filter(({ level }) => level === 'ok');
  return [
    ...[head, ...faulty, ...sound.slice(0, SOUND_TOPICS_MAX)],
    ...moreTopics(sound.length - SOUND_TOPICS_MAX, 'ok', 'without a fault'),
    ...moreTopics(unread, 'skipped', 'of ROWPARITY_EVENT_TOPICS not looked at: name there those that matter'),
  ];
}

function moreTopics(count: number, level: 'ok' | 'skipped', what: string): Finding[] {
  if (count <= 0) return [];
  return [
    {
      subject: SUBJECT,
      check: 'topic',
      level,
      message: `${count} more ${count === 1 ? 'topic' : 'topics'} ${what}`,
    },
  ];
}

function topicFinding(
  { name, partitions, replicas, inSync, minInSync }: TopicFacts,
  brokers: number,
): Finding {
  const common = { subject: SUBJECT, check: 'topic' } as const;
  if (partitions === null) {
    return {
      ...{ ...common, level: 'error', code: 'TOPIC_NOT_FOUND' },
      message: `Kafka has no topic ${name}, or does not show it to this user`,
      remedy: `kafka-topics.sh --create --topic ${name}, grant DESCRIBE, or take it out of ROWPARITY_EVENT_TOPICS.`,
    };
  }
  const min = minInSync === null ? 'an unknown min.insync.replicas' : `min.insync.replicas ${minInSync}`;
  const message = `topic ${name}: ${partitions} ${partitions === 1 ? 'partition' : 'partitions'}, replication ${replicas}, ${min}`;
  if (minInSync !== null && inSync < minInSync) {
    return {
      ...{ ...common, level: 'error', code: 'EVENTS_NOT_ACKNOWLEDGED' },
      message: `${message}; only ${inSync} of its copies are up to date, so no event is acknowledged`,
      remedy: 'Bring the missing brokers back, or lower min.insync.replicas of the topic.',
    };
  }
  if (minInSync !== null && minInSync === replicas && replicas > 1) {
    return {
      ...{ ...common, level: 'warning' },
      message: `${message}: the loss of any one broker stops all events`,
      remedy: `Set min.insync.replicas to ${replicas - 1}.`,
    };
  }
  if (replicas === 1 && brokers > 1) {
    return {
      ...{ ...common, level: 'warning' },
      message: `${message}: events are lost with the one broker that has them`,
      remedy: 'Give the topic replication 3 and min.insync.replicas 2.',
    };
  }
  if (minInSync === 1 && replicas > 1) {
    return {
      ...{ ...common, level: 'warning' },
      message: `${message}: an event counts as sent when one broker has it`,
      remedy: 'Set min.insync.replicas to 2.',
    };
  }
  return { ...common, level: 'ok', message };
}
