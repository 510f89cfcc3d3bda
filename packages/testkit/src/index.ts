// The package's door for scripts, demos and benchmarks: servers, databases, data, corruptions.
// Nothing here imports vitest; test files use '@rowparity/testkit/vitest' as well.

export { startTcpProxy, type TcpProxy } from './proxy/tcpProxy.ts';
export type { Weather } from './proxy/weather.ts';
export { type SeededRandom, seededRandom } from './random/seededRandom.ts';
export {
  type Certificate,
  type CertificateName,
  type Certificates,
  makeCertificates,
} from './servers/certificates.ts';
export {
  connect,
  createDatabase,
  databaseUrl,
  dropDatabase,
  otherSessions,
  type Session,
  uniqueName,
} from './servers/databases.ts';
export { type Guardian, startGuardian } from './servers/guardian.ts';
export { type KafkaBroker, type KafkaCluster, startKafkaCluster } from './servers/kafkaCluster.ts';
export { makeTopic, topicEnds } from './servers/makeTopic.ts';
export { startRedisCluster } from './servers/nativeRedis.ts';
export { type OwnSql, startOwnSql } from './servers/ownSql.ts';
export { type RedisPair, startRedisPair } from './servers/redisPair.ts';
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
  type Flavour,
  type FlavourWish,
  type FlavourWishes,
  type KafkaDescription,
  type KafkaServer,
  type Managed,
  type RedisDescription,
  type RedisServer,
  type ServerKind,
  type Servers,
  type SideName,
  type SqlAddress,
  type SqlDescription,
  type SqlServer,
  type Way,
} from './servers/server.ts';
export { type StartOptions, startServers } from './servers/startServers.ts';
export type { PlantCounts } from './shop/choosePlants.ts';
export { createShop, type Shop, type ShopOptions } from './shop/createShop.ts';
export { type PlantedDifference, type PlantOptions, plantDifferences } from './shop/plantDifferences.ts';
export { shopTableNames } from './shop/shopTables.ts';
