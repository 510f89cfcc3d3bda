import { expect, it } from 'vitest';
import { textOf, troubleOf } from './kafkaErrors.ts';

const broker = (apiId: string, message = apiId) =>
  Object.assign(new Error(message), { code: 'PLT_KFK_PROTOCOL', apiId });
const several = (message: string, ...errors: readonly Error[]) =>
  Object.assign(new AggregateError(errors, message), { code: 'PLT_KFK_MULTIPLE' });

it('the error of the broker is found in what the libraries wrap around it', () => {
  const kafkajs = Object.assign(new Error('gave up'), {
    cause: Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE' }),
  });
  expect(troubleOf(kafkajs)).toBe('tooLarge');
  const answer = several(
    'Received response with error',
    broker('NOT_LEADER_OR_FOLLOWER'),
    broker('MESSAGE_TOO_LARGE'),
  );
  expect(troubleOf(several('Producing messages failed.', answer))).toBe('tooLarge');
  const login = new Error('connection failed', { cause: broker('SASL_AUTHENTICATION_FAILED') });
  expect(troubleOf(several('Cannot connect to any broker.', new Error('refused'), login))).toBe(
    'notAuthorized',
  );
});

it('of several tries the last one counts', () => {
  const refused = new Error('connect ECONNREFUSED');
  const denied = broker('TOPIC_AUTHORIZATION_FAILED');
  expect(troubleOf(several('metadata failed 2 times.', denied, refused))).toBe('unreachable');
  expect(troubleOf(several('metadata failed 2 times.', refused, denied))).toBe('notAuthorized');
});

it('only a look at the topic tells that there is none', () => {
  expect(troubleOf(Object.assign(new Error('Unknown topic dbMove.'), { code: 'PLT_KFK_USER' }))).toBe(
    'noTopic',
  );
  expect(troubleOf(several('Producing messages failed.', broker('UNKNOWN_TOPIC_OR_PARTITION')))).toBe(
    'unreachable',
  );
});

it('the text is of what was the matter, not of the step that failed', () => {
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:1');
  const step = several('metadata failed 5 times.', several('Cannot connect to any broker.', refused));
  expect(textOf(step)).toBe('connect ECONNREFUSED 127.0.0.1:1');
  expect(textOf(new Error('no answer within 30 s', { cause: refused }))).toBe('no answer within 30 s');
  expect(textOf('words')).toBe('words');
});

it('errors that hold each other end', () => {
  const ring = several('ring');
  ring.errors.push(ring);
  expect(troubleOf(ring)).toBe('unreachable');
});
