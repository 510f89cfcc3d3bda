// The package's door for scripts, demos and benchmarks: servers, databases, data, corruptions.
// Nothing here imports vitest; test files use '@rowparity/testkit/vitest' as well.

export { startTcpProxy, type TcpProxy } from './proxy/tcpProxy.ts';
export { type SeededRandom, seededRandom } from './random/seededRandom.ts';
export type { CertificateName } from './servers/certificates.ts';
export { connect, createDatabase, databaseUrl, otherSessions, uniqueName } from './servers/databases.ts';
export { type Guardian, startGuardian } from './servers/guardian.ts';
export { type KafkaBroker, type KafkaCluster, startKafkaCluster } from './servers/kafkaCluster.ts';
export { makeTopic, topicEnds } from './servers/makeTopic.ts';
export { startRedisCluster } from './servers/nativeRedis.ts';
export { type OwnSql, startOwnSql } from './servers/ownSql.ts';
export { type RedisPair, startRedisPair } from './servers/redisPair.ts';
export { type ReplicaPair, startReplicaPair } from './servers/replicaPair.ts';
export {
  SECURED_USER,
  type SecuredServer,
  startSecuredKafka,
  startSecuredRedis,
  startSecuredSql,
  whyNotNative,
  whyNotSecured,
} from './servers/securedServers.ts';
export {
  breakable,
  type Faults,
  type KafkaDescription,
  type Servers,
  type SideName,
  type SqlAddress,
  type SqlDescription,
  type SqlServer,
} from './servers/server.ts';
export { type ReceivedSpan, type SpanCollector, startSpanCollector } from './servers/spanCollector.ts';
export { startServers } from './servers/startServers.ts';
export { createShop } from './shop/createShop.ts';
export { type PlantedDifference, plantDifferences } from './shop/plantDifferences.ts';
