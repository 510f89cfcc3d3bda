import { expect, it } from 'vitest';
import { allowedTopics, isAllowedTopic } from './allowedTopics.ts';

it.each([
  ['dbMove', 'dbMove', true],
  ['dbMove', 'dbMove2', false],
  ['dbMove', 'dbmove', false],
  ['dbMove, audit.*', 'audit.orders', true],
  ['dbMove, audit.*', 'audit', false],
  ['*', 'anything', true],
])('of %s the topic %s: %s', (text, topic, isAllowed) => {
  expect(isAllowedTopic(topic, allowedTopics.parse(text))).toBe(isAllowed);
});

it.each(['', 'dbMove,', 'a b', 'a*b', '**', 'dbMöve'])('"%s" is no list of topics', (text) => {
  expect(allowedTopics.safeParse(text).success).toBe(false);
});
