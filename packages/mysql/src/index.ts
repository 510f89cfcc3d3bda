/** The only importer of mysql2. This page names what others may use. */

export { SqlCatalog } from './catalog/sqlCatalog.ts';
export {
  type ConnectionTarget,
  completeTarget,
  databaseOf,
  type PartialTarget,
  serverOf,
  withParts,
} from './connection/connectionTarget.ts';
export { connectionUrl, connectionUrlOf, readConnectionUrl } from './connection/connectionUrl.ts';
export { readDefaultsFile } from './connection/defaultsFile.ts';
export { type Connections, type LinkChoice, openConnections } from './connection/openConnections.ts';
export { SessionPool } from './connection/sessionPool.ts';
export { readServerFacts } from './diagnosing/serverFacts.ts';
export { openReaders } from './rows/openReaders.ts';
export { SqlRowReader } from './rows/sqlRowReader.ts';
export { ReadableRows } from './showing/readableRows.ts';
export { SqlHostSignals } from './signals/sqlHostSignals.ts';
export { MultisetSql } from './sql/multisetSql.ts';
export { SideSql } from './sql/sideSql.ts';
export { SESSION_LINES } from './writing/literals.ts';
export { RepairRows, type RowRepair } from './writing/repairRows.ts';
export type { StatementPair } from './writing/repairStatements.ts';
