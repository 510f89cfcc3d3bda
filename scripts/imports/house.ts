// The house in tables: who may import whom, which rooms a workspace has and in which order, and by which files a room
// is entered. The rules beside this file read them; a table is all that a new room needs.

const PACKAGES = [
  'contracts',
  'core',
  'mysql',
  'redis',
  'producer',
  'sqlite',
  'tracing',
  'runtime',
  'client',
  'web',
] as const;

/** contracts ← core ← {mysql, redis, producer, sqlite, tracing} ← apps; runtime, client and web on contracts alone. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'packages/contracts': [],
  'packages/core': ['contracts'],
  'packages/runtime': ['contracts'],
  'packages/client': ['contracts'],
  'packages/web': ['contracts'],
  'packages/mysql': ['contracts', 'core'],
  'packages/redis': ['contracts', 'core'],
  'packages/producer': ['contracts', 'core'],
  'packages/sqlite': ['contracts', 'core'],
  'packages/tracing': ['contracts', 'core'],
  'packages/testkit': ['contracts'],
  harness: ['contracts', 'testkit'],
  e2e: ['contracts', 'testkit', 'harness', 'client', 'redis'],
  'examples/orchestrator': ['contracts', 'client'],
  'examples/consumer': [],
  bench: [...PACKAGES, 'testkit', 'harness'],
};
export const APPS_MAY_IMPORT: readonly string[] = PACKAGES;

export const OWNER_OF_DRIVER: Readonly<Record<string, string>> = {
  mysql2: 'packages/mysql',
  bullmq: 'packages/redis',
  ioredis: 'packages/redis',
  kafkajs: 'packages/producer',
  'node:sqlite': 'packages/sqlite',
  '@opentelemetry/api': 'packages/tracing',
  '@opentelemetry/exporter-trace-otlp-http': 'packages/tracing',
  '@opentelemetry/resources': 'packages/tracing',
  '@opentelemetry/sdk-trace': 'packages/tracing',
  preact: 'packages/web',
  uplot: 'packages/web',
};

/**
 * Workspaces outside the product: they may use every driver, the environment, and test support.
 */
export const OUTSIDE: readonly string[] = [
  'packages/testkit',
  'harness',
  'e2e',
  'bench',
  'examples/orchestrator',
  'examples/consumer',
];

/** Its users write programs of their own: what its index.ts names need not be used in this repository. */
export const FOR_OTHERS: readonly string[] = ['packages/client'];

/** The only room of the product that reads the variables of the process. */
export const READS_ENVIRONMENT = 'packages/runtime';

/** Folders that only tests may enter, and what stands outside the product. */
export const WINGS: readonly string[] = ['testing', 'conformance'];

/**
 * The rooms of each workspace, from the ground up: a room may enter those before it and none behind it. Files beside
 * the rooms (index.ts, main.ts, …) are on top of all: they enter every room, and no room enters them.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'packages/contracts': ['words', 'predicate'],
  'packages/core': [
    'sides',
    'keys',
    'hashing',
    'ports',
    'ledgering',
    'faults',
    'catalogs',
    'positions',
    'planning/selecting',
    'planning/pairing',
    'planning/cutting',
    'planning/rerun',
    'planning',
    'rows',
    'budgeting',
    'explaining',
    'comparing',
    'shards',
    'changes',
    'rechecking',
    'multisets',
    'validating',
    'settling',
    'running',
    'certifying',
    'migrating',
    'repairing',
    'diagnosing',
  ],
  'packages/mysql': [
    'wire',
    'connection',
    'signals',
    'sql',
    'catalog',
    'diagnosing',
    'rows',
    'showing',
    'writing',
  ],
  'packages/redis': ['connection', 'ledger', 'migrations', 'webhooks', 'lease', 'budget', 'jobs'],
  'packages/producer': ['messages', 'transport', 'batching', 'kafka', 'sinks'],
  'packages/runtime': ['settings'],
  'packages/web': ['page'],
  'packages/testkit': ['random', 'proxy', 'servers', 'shop', 'vitest'],
  'apps/cli': [
    'usage',
    'output',
    'services',
    'reports',
    'terminal',
    'certifying',
    'connecting',
    'checking',
    'diffing',
    'tailing',
    'repairing',
    'diagnosing',
    'initializing',
    'commands',
  ],
  'apps/coordinator': ['tracing', 'supervising', 'diagnosing', 'http'],
  'apps/worker': ['metering', 'tracing'],
  harness: ['command', 'system', 'judging'],
  e2e: ['faults', 'faults/catalogue', 'chaos', 'live', 'demo', 'page', 'cluster'],
  bench: ['shared', 'ledger', 'fleet', 'events', 'foreground', 'peers', 'growth', 'distance', 'page'],
};

/** The files by which other rooms enter a room. A room that is not here is ground: each of its files may be used. */
export const DOORS: Readonly<Record<string, readonly string[]>> = {
  'packages/core/catalogs': [
    'atMost',
    'columnNames',
    'describePairs',
    'roleCatalogs',
    'schemaChanges',
    'schemaHashes',
    'sideBySide',
    'sideDifferences',
    'tableFault',
    'tablesAsked',
  ],
  'packages/core/positions': ['comparePositions', 'expectFence', 'fencing'],
  'packages/core/planning/selecting': [
    'missingTables',
    'outOfSight',
    'sameDatabase',
    'selectTables',
    'wideExclusions',
  ],
  'packages/core/planning/pairing': ['multisetPlan', 'planTable', 'tableOptionsOf'],
  'packages/core/planning/cutting': ['cutTable'],
  'packages/core/planning/rerun': ['planRerun'],
  'packages/core/planning': ['planRun'],
  'packages/core/comparing': ['compareRange', 'candidate', 'comparePage', 'recall', 'streamRows'],
  'packages/core/repairing': ['tableOrder'],
  'packages/core/explaining': ['explainRow'],
  'packages/core/changes': ['compareChanged'],
  'packages/core/rechecking': ['rechecker', 'readNow', 'pendingPages', 'proveAbsence', 'recheckPolicy'],
  'packages/core/multisets': ['validateMultisets'],
  'packages/core/validating': ['workShard', 'validateShard', 'quarantine', 'restingShard', 'waitingShards'],
  'packages/core/settling': [
    'settleRun',
    'verdict',
    'reportOf',
    'runNotes',
    'damagedRun',
    'knownOf',
    'shardMapOf',
  ],
  'packages/core/running': ['advanceRun', 'advanceWatch', 'endHopelessRun', 'heldRuns', 'nextStep'],
  'packages/core/migrating': [
    'advanceMigration',
    'gate',
    'migrationFacts',
    'migrationGate',
    'nextAttempt',
    'webhookEvents',
  ],
  'packages/core/diagnosing': [
    'clockFindings',
    'facts',
    'fleetFindings',
    'machineFindings',
    'planFindings',
    'serverFindings',
  ],
  'packages/core/certifying': ['certificateLines', 'verifyCertificate', 'notProven'],
  'packages/mysql/wire': [
    'binaryRow',
    'brokenProtocol',
    'driverPackets',
    'executePacket',
    'lateOrder',
    'openSocket',
    'pageBuffer',
    'rawCommand',
    'rawExecute',
    'resultSetShape',
    'rowFlow',
    'rowLayout',
    'streamBuffer',
    'valueText',
    'wireColumn',
  ],
  'packages/mysql/connection': [
    'connectionTarget',
    'connectionUrl',
    'defaultsFile',
    'faultOf',
    'loopbackLogin',
    'openConnections',
    'serverPosition',
    'serverWords',
    'session',
    'sessionPool',
    'sideSessions',
    'takeTogether',
  ],
  'packages/mysql/sql': [
    'keyColumn',
    'multisetSql',
    'probedDigestSql',
    'quoted',
    'rangeSql',
    'serverProgress',
    'sideSql',
  ],
  'packages/mysql/catalog': ['identifyServer', 'listTables', 'sqlCatalog'],
  'packages/mysql/diagnosing': ['serverFacts'],
  'packages/mysql/signals': ['sqlHostSignals'],
  'packages/mysql/rows': ['openReaders', 'sqlRowReader', 'typedValue'],
  'packages/redis/connection': ['checkRedis', 'connectRedis', 'readRedisFacts', 'redisFault', 'redisOutage'],
  'packages/redis/ledger': ['createRedisLedger', 'ledgerKeys'],
  'packages/redis/lease': ['createLease'],
  'packages/redis/migrations': ['redisMigrations'],
  'packages/redis/webhooks': ['redisWebhooks'],
  'packages/redis/budget': ['redisHostBudget', 'redisPauses'],
  'packages/redis/jobs': ['fleetReadings', 'runQueue', 'runWorker', 'shardQueue', 'shardWorker'],
  'packages/producer/kafka': ['checkKafka', 'kafkaTransport', 'readKafkaFacts', 'tailTopic'],
  'packages/producer/sinks': ['eventMessage', 'fileEventSink', 'kafkaEventSink', 'lineEventSink'],
  'packages/testkit/shop': ['createShop', 'plantDifferences'],
  'packages/testkit/proxy': ['freePort', 'tcpProxy'],
  'apps/cli/certifying': ['linesOf', 'verifiedLines'],
  'apps/coordinator/supervising': ['migrationDriver', 'supervisor', 'webhookDriver'],
  'harness/judging': ['judge'],
  'e2e/faults/catalogue': ['index'],
};

/** Names that carry the right to write to the ledger, and the workspaces that only read it. */
export const WRITES_LEDGER: readonly string[] = [
  'Ledger',
  'MigrationStore',
  'RunStore',
  'PlanStore',
  'ShardHolds',
  'WebhookStore',
];
export const READERS: readonly string[] = ['apps/reporter'];
