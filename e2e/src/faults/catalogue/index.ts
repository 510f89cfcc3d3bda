// Every transient fault: the run must come out as if undisturbed. In groups that fit into one run.

import type { Fault } from '../fault.ts';
import { DATABASE_FAULTS } from './databases.ts';
import { KAFKA_FAULTS } from './kafka.ts';
import { PROCESS_FAULTS } from './processes.ts';
import { REDIS_FAULTS } from './redis.ts';

export const CATALOGUE: readonly Fault[] = [
  ...PROCESS_FAULTS,
  ...REDIS_FAULTS,
  ...KAFKA_FAULTS,
  ...DATABASE_FAULTS,
];

/** With more faults, a run ends before the last one. */
const FAULTS_A_RUN = 3;

/** Neighbours in the catalogue, so that a failing group says what it is about. */
export const GROUPS: readonly { readonly names: string; readonly faults: readonly Fault[] }[] = [
  PROCESS_FAULTS,
  REDIS_FAULTS,
  KAFKA_FAULTS,
  DATABASE_FAULTS,
].flatMap((faults) =>
  Array.from({ length: Math.ceil(faults.length / FAULTS_A_RUN) }, (_, turn) => {
    const group = faults.slice(turn * FAULTS_A_RUN, (turn + 1) * FAULTS_A_RUN);
    return { names: group.map(({ name }) => name).join('; '), faults: group };
  }),
);
