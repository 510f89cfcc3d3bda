import { type OptionTable, PROCESS_VARIABLES, SECRET_VARIABLES } from '@rowparity/runtime';
import { expect, test } from 'vitest';
import { OPTIONS as COORDINATOR } from '../../apps/coordinator/src/options.ts';
import { OPTIONS as REPORTER } from '../../apps/reporter/src/options.ts';
import { OPTIONS as WORKER } from '../../apps/worker/src/options.ts';

/** Of the command line, and of all processes. */
const OTHERS = ['ROWPARITY_CONFIG_FILE', 'ROWPARITY_COORDINATOR', 'ROWPARITY_REPORTER'];

const options = [COORDINATOR, WORKER, REPORTER].flatMap((table: OptionTable) => Object.values(table));

test('every option of a service is a variable that the others know', () => {
  const names = new Set([...OTHERS, ...options.map(({ env }) => env)]);
  expect([...PROCESS_VARIABLES].sort()).toEqual([...names].sort());
});

test('every secret may stand in a file', () => {
  const secrets = new Set(options.filter(({ isSecret }) => isSecret).map(({ env }) => env));
  expect([...SECRET_VARIABLES].sort()).toEqual([...secrets].sort());
});
