import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigurationError } from './option.ts';
import { printedSettings, readSettings } from './readSettings.ts';
import { httpPort, httpToken, logLevel, redisUrl } from './serviceOptions.ts';

const TABLE = {
  options: { redisUrl, httpPort: httpPort(8080), httpToken, logLevel },
  connections: z
    .string()
    .startsWith('mysql://', 'expected mysql://')
    .transform((url) => ({ host: new URL(url).host })),
};
const GOOD = {
  ROWPARITY_REDIS_URL: 'redis://:secret-word@localhost',
  ROWPARITY_CONNECTION_A: 'mysql://u:secret-word@h/d',
};

function fileWith(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'rowparity-settings-')), 'file');
  writeFileSync(file, text);
  return file;
}

function problemsOf(env: NodeJS.ProcessEnv, args: readonly string[] = []): string {
  try {
    readSettings(TABLE, { env, args });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('expected a refusal');
}

it('a flag beats the environment, which beats the configuration file', () => {
  const file = fileWith(
    'ROWPARITY_HTTP_PORT=1\nROWPARITY_LOG_LEVEL=debug\nROWPARITY_REDIS_URL=redis://file\n',
  );
  const env = { ...GOOD, ROWPARITY_CONFIG_FILE: file, ROWPARITY_HTTP_PORT: '2' };
  const { config } = readSettings(TABLE, { env, args: ['--http-port', '3'] });
  expect(config).toMatchObject({ httpPort: 3, logLevel: 'debug', redisUrl: GOOD.ROWPARITY_REDIS_URL });
  expect(readSettings(TABLE, { env, args: [] }).config.httpPort).toBe(2);
});

it('secrets and connections may stand in files', () => {
  const env = {
    ROWPARITY_REDIS_URL_FILE: fileWith('redis://r\n'),
    ROWPARITY_CONNECTION_SOURCE_FILE: fileWith('mysql://u@h/d\n'),
    ROWPARITY_HTTP_TOKEN_FILE: fileWith('0123456789abcdef\n'),
  };
  const { config, connections } = readSettings(TABLE, { env, args: [] });
  expect(config).toMatchObject({ redisUrl: 'redis://r', httpToken: '0123456789abcdef' });
  expect([...connections]).toEqual([['SOURCE', { host: 'h' }]]);
});

it('every problem is named at once, and no secret with it', () => {
  const message = problemsOf({
    ROWPARITY_REDIS_URL: 'secret-word',
    ROWPARITY_HTTP_PORT: '99999',
    ROWPARITY_HTTP_TOKEN: 'secret-word',
    ROWPARITY_CONNECTION_A: 'secret-word',
    ROWPARITY_CONNECTION_B: 'mysql://x',
    ROWPARITY_CONNECTION_B_FILE: '/nowhere',
  });
  for (const name of ['REDIS_URL', 'HTTP_PORT', 'HTTP_TOKEN', 'CONNECTION_A', 'CONNECTION_B_FILE']) {
    expect(message).toContain(`ROWPARITY_${name}`);
  }
  expect(message).not.toContain('secret-word');
});

it('every connection that cannot be read is named by its variable', () => {
  const env = { ...GOOD, ROWPARITY_CONNECTION_B: 'secret-word', ROWPARITY_CONNECTION_C: 'x' };
  expect(problemsOf(env)).toBe(
    'ROWPARITY_CONNECTION_B: expected mysql://\nROWPARITY_CONNECTION_C: expected mysql://',
  );
});

it('a file that cannot be read is named with its variable', () => {
  expect(
    problemsOf({ ROWPARITY_REDIS_URL_FILE: '/nowhere/redis', ROWPARITY_CONNECTION_A: 'mysql://x' }),
  ).toBe('ROWPARITY_REDIS_URL_FILE: cannot read the file /nowhere/redis (ENOENT).');
});

it('a secret on the command line is refused without being shown', () => {
  for (const args of [['--redis-url', 'redis://secret-word'], ['--redis-url=redis://secret-word']]) {
    const message = problemsOf(GOOD, args);
    expect(message).toContain('ROWPARITY_REDIS_URL_FILE');
    expect(message).not.toContain('secret-word');
  }
});

it.each([
  [['--http-prot', '1'], 'The closest: --http-port'],
  [['--log-levle=debug'], 'The closest: --log-level'],
  [['8080'], 'a value without a flag'],
])('the flags %j are refused: %s', (args, said) => {
  expect(problemsOf(GOOD, args)).toContain(said);
});

it('a mistyped token does not open the service: it is named with the closest, and not shown', () => {
  const mistyped = { ...GOOD, ROWPARITY_HTTP_TOKN: 'secret-word-0123456789' };
  expect(problemsOf(mistyped)).toMatch(/^ROWPARITY_HTTP_TOKN: .*ROWPARITY_HTTP_TOKEN\b/);
  expect(problemsOf(mistyped)).not.toContain('secret-word');
  const file = fileWith('ROWPARITY_LOG_LEVLE=debug\n');
  expect(problemsOf({ ...GOOD, ROWPARITY_CONFIG_FILE: file })).toContain('ROWPARITY_LOG_LEVEL');
});

it('without a connection a process that needs one says so', () => {
  expect(problemsOf({ ROWPARITY_REDIS_URL: 'redis://r' })).toContain('ROWPARITY_CONNECTION_<NAME>');
});

it('printed settings mask every secret and tell where each value comes from', () => {
  const text = printedSettings(TABLE, { env: GOOD, args: ['--log-level', 'warn'] });
  expect(text).toContain('ROWPARITY_LOG_LEVEL=warn  # --log-level');
  expect(text).toContain('ROWPARITY_REDIS_URL=***  # environment');
  expect(text).toContain('ROWPARITY_CONNECTION_A=***  # environment');
  expect(text).toContain('ROWPARITY_HTTP_TOKEN is not set');
  expect(text).not.toContain('secret-word');
});
