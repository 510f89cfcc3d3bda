/** Topics that events may go to: names, and beginnings of names that end in "*". */
import { z } from 'zod';

/** Where events go when a spec does not say. */
export const DEFAULT_TOPIC = 'dbMove';

const NAME_CHARACTERS = 'letters, digits, ".", "_", "-"';

export const topicName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,249}$/, `expected a Kafka topic name: ${NAME_CHARACTERS}`);

export const allowedTopics = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(
    z.array(
      z
        .string()
        .regex(
          /^[A-Za-z0-9._-]{0,249}(?:(?<=.)|\*)$/,
          `expected Kafka topic names, separated by commas: ${NAME_CHARACTERS}; a name that ends in "*" stands for all names with this prefix`,
        ),
    ),
  );

export function isAllowedTopic(topic: string, allowed: readonly string[]): boolean {
  return allowed.some((entry) =>
    entry.endsWith('*') ? topic.startsWith(entry.slice(0, -1)) : topic === entry,
  );
}
