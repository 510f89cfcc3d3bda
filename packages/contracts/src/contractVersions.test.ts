import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type ContractLock, currentLock } from '../lock/fingerprints.ts';

const locked = JSON.parse(
  await readFile(new URL('../contracts.lock.json', import.meta.url), 'utf8'),
) as ContractLock;

it.each(Object.entries(currentLock()))(
  'the schema of %s has not changed without its version',
  (name, current) => {
    // Changed on purpose: raise the version beside the schema, then `npm run contracts:lock`.
    expect(locked[name]).toEqual(current);
  },
);
