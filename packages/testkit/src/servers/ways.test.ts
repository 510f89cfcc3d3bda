import { describe, expect, test } from 'vitest';
import { addressOf } from './environmentServers.ts';
import { startByFirstWay } from './ways.ts';

const fails = (reason: string) => async () => {
  throw new Error(reason);
};
const none = async () => undefined;
const quiet = { env: {}, say: () => undefined };

describe('startByFirstWay', () => {
  test('a server of the environment is taken before any other', async () => {
    const ways = {
      name: 'redis',
      environment: async () => 'given',
      docker: fails('no'),
      native: fails('no'),
    };
    expect(await startByFirstWay(ways, quiet)).toBe('given');
  });

  test('a container that cannot start gives way to a process of this machine', async () => {
    const ways = {
      name: 'redis',
      environment: none,
      docker: fails('pull refused'),
      native: async () => 'native',
    };
    expect(await startByFirstWay(ways, quiet)).toBe('native');
  });

  test('a named server that does not answer is an error, not a reason to take another', async () => {
    const ways = { name: 'redis', environment: fails('silent'), docker: none, native: none };
    await expect(startByFirstWay(ways, quiet)).rejects.toThrow('silent');
  });

  test('a forced way is the only one', async () => {
    const ways = {
      name: 'redis',
      environment: none,
      docker: fails('pull refused'),
      native: async () => 'native',
    };
    const forced = { ...quiet, env: { ROWPARITY_TEST_SERVERS: 'docker' } };
    await expect(startByFirstWay(ways, forced)).rejects.toThrow('pull refused');
  });

  test('when no way works the error tells what each of them said', async () => {
    const ways = { name: 'kafka', environment: none, docker: fails('no engine'), native: fails('no java') };
    await expect(startByFirstWay(ways, quiet)).rejects.toThrow(/kafka[\s\S]*no engine[\s\S]*no java/);
  });
});

test('a URL gives its parts, percent signs decoded', () => {
  expect(addressOf('mysql://ro:p%40ss@db.example:3307', 'V')).toMatchObject({
    ...{ host: 'db.example', port: 3307, user: 'ro', password: 'p@ss' },
  });
});

test('a URL that is none names its variable and not its value', () => {
  expect(() => addressOf('secret', 'ROWPARITY_TEST_SOURCE_URL')).toThrow(
    /^(?!.*secret).*ROWPARITY_TEST_SOURCE_URL/,
  );
});
