import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ConfigurationError } from './option.ts';
import { processSecret } from './processVariables.ts';

const NAME = 'ROWPARITY_CONNECTION_SOURCE';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rowparity-secret-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('a secret stands in a variable, or in the file that another one names', () => {
  const file = join(folder, 'url');
  writeFileSync(file, 'mysql://a:b@file/shop\n');
  expect(processSecret(NAME)).toBeUndefined();
  vi.stubEnv(`${NAME}_FILE`, file);
  expect(processSecret(NAME)).toBe('mysql://a:b@file/shop');
  vi.stubEnv(`${NAME}_FILE`, undefined);
  vi.stubEnv(NAME, 'mysql://a:b@variable/shop');
  expect(processSecret(NAME)).toBe('mysql://a:b@variable/shop');
});

it('a file that is not there, and a secret that stands in both, are configuration errors', () => {
  vi.stubEnv(`${NAME}_FILE`, join(folder, 'nowhere'));
  expect(() => processSecret(NAME)).toThrow(ConfigurationError);
  expect(() => processSecret(NAME)).toThrow(/ROWPARITY_CONNECTION_SOURCE_FILE.*nowhere.*ENOENT/);
  vi.stubEnv(NAME, 'mysql://a:b@variable/shop');
  expect(() => processSecret(NAME)).toThrow(/both/);
});
