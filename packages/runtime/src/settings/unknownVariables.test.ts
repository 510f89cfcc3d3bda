import { expect, it } from 'vitest';
import { unknownVariables } from './unknownVariables.ts';

const problemsOf = (env: Readonly<Record<string, string>>) => unknownVariables(Object.entries(env));

it.each([
  ['ROWPARITY_HTTP_TOKN', 'ROWPARITY_HTTP_TOKEN'],
  ['ROWPARITY_TOKEN', 'ROWPARITY_HTTP_TOKEN'],
  ['ROWPARITY_HTTP_TOKEN_FIL', 'ROWPARITY_HTTP_TOKEN_FILE'],
  ['rowparity_http_token', 'ROWPARITY_HTTP_TOKEN'],
  ['Rowparity_Log_Level', 'ROWPARITY_LOG_LEVEL'],
  ['ROWPARTY_HTTP_TOKEN', 'ROWPARITY_HTTP_TOKEN'],
  ['ROWPARIYT_HTTP_TOKEN', 'ROWPARITY_HTTP_TOKEN'],
  ['ROW_PARITY_HTTP_TOKEN', 'ROWPARITY_HTTP_TOKEN'],
  ['ROWPARITY_CONECTION_SOURCE', 'ROWPARITY_CONNECTION_SOURCE'],
  ['ROWPARITY_EVENTS_TOPICS', 'ROWPARITY_EVENT_TOPICS'],
  ['ROWPARITY_HTTP_PORT_NUMBER', 'ROWPARITY_HTTP_PORT'],
])('%s is unknown, and %s the closest', (name, closest) => {
  expect(problemsOf({ [name]: 'some value' })).toEqual([expect.stringContaining(`The closest: ${closest}.`)]);
  expect(problemsOf({ [name]: 'some value' })[0]).not.toContain('some value');
});

it('a file for what is no secret is not read, and that is said', () => {
  expect(problemsOf({ ROWPARITY_HTTP_PORT_FILE: '/port' })).toEqual([
    expect.stringContaining('ROWPARITY_HTTP_PORT is no secret'),
  ]);
});

it.each([
  { ROWPARITY_HTTP_TOKEN: 'x', ROWPARITY_HTTP_TOKEN_FILE: 'x', ROWPARITY_CONFIG_FILE: 'x' },
  { ROWPARITY_CONNECTION_ANY: 'x', ROWPARITY_CONNECTION_ANY_FILE: 'x' },
  { ROWPARITY_CONCURRENCY: '1', ROWPARITY_KAFKA_BROKERS: 'x' },
  {
    ROWPARITY_TEST_FLAVOUR: 'mysql',
    ROWPARITY_MYSQLD: '/x',
    ROWPARITY_IMAGE_NODE: 'x',
    ROWPARITY_PORT_REDIS: '1',
  },
  { ROWPARITY_TYPO: '' },
  { PATH: '/bin', HTTP_TOKEN: 'x', ROWPARITY: 'x', KAFKA_BROKERS: 'x' },
  {
    ROWPARITY_COORDINATOR_PORT: 'tcp://10.0.0.1:8080',
    ROWPARITY_COORDINATOR_PORT_8080_TCP: 'tcp://10.0.0.1:8080',
    ROWPARITY_COORDINATOR_PORT_8080_TCP_PROTO: 'tcp',
    ROWPARITY_COORDINATOR_PORT_8080_TCP_PORT: '8080',
    ROWPARITY_COORDINATOR_PORT_8080_TCP_ADDR: '10.0.0.1',
    ROWPARITY_COORDINATOR_SERVICE_HOST: '10.0.0.1',
    ROWPARITY_COORDINATOR_SERVICE_PORT: '8080',
    ROWPARITY_COORDINATOR_SERVICE_PORT_HTTP: '8080',
  },
])('%j: nothing is unknown', (env) => {
  expect(problemsOf(env)).toEqual([]);
});

it('however many there are, a few are named', () => {
  const env = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`ROWPARITY_X${i}`, '1']));
  const problems = problemsOf(env);
  expect(problems.length).toBeLessThanOrEqual(21);
  expect(problems.at(-1)).toContain('4980 more');
});
