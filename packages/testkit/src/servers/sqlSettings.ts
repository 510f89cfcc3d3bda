// The options of every SQL server that we start, in a container or natively. Fast rather than crash proof
// against power cuts, but what was committed survives a SIGKILL of the server.

import type { Flavour, SideName } from './server.ts';

// Two servers and Node share a test machine; the shop's half million rows fit.
const BUFFER_POOL_MIB = 256;

// Different on purpose: code that forgets to fix its session's time zone must be noticed.
const TIME_ZONE = { source: '+03:00', destination: '+00:00' } as const satisfies Record<SideName, string>;

export function sqlOptions(flavour: Flavour, side: SideName): readonly string[] {
  return [
    '--skip-log-bin',
    '--skip-name-resolve',
    '--performance-schema=OFF',
    '--character-set-server=utf8mb4',
    `--default-time-zone=${TIME_ZONE[side]}`,
    `--innodb-buffer-pool-size=${BUFFER_POOL_MIB}M`,
    // 2: written to the system at each commit, so it outlives the process; only the fsync is left out.
    '--innodb-flush-log-at-trx-commit=2',
    '--innodb-doublewrite=0',
    '--max-connections=300',
    '--max-allowed-packet=64M',
    ...(flavour === 'mysql'
      ? ['--mysqlx=OFF', '--innodb-redo-log-capacity=256M']
      : ['--innodb-log-file-size=256M']),
  ];
}
