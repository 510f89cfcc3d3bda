/** What a process needs. This page names what others may use. */

export { EXIT } from './exitCodes.ts';
export { createHttpApp, listen, registeredRoutes } from './httpApp.ts';
export { runService } from './lifeCycle.ts';
export { createLog, type Log, openLog } from './log.ts';
export { Counter, createMetrics, Gauge, Histogram, type Registry } from './metrics.ts';
export { type HttpHandlers, serveRoutes } from './serveRoutes.ts';
export { type Config, ConfigurationError, flagOf, type Option, type OptionTable } from './settings/option.ts';
export {
  processOptions,
  processSecret,
  processVariable,
  unknownProcessVariables,
} from './settings/processVariables.ts';
export { readSettings } from './settings/readSettings.ts';
export { kafkaSecurityOf, redisSecurityOf } from './settings/securityOf.ts';
export {
  eventTopics,
  hostLimits,
  httpHost,
  httpPort,
  httpToken,
  kafkaBrokers,
  kafkaClient,
  kafkaSecurity,
  logFormat,
  logLevel,
  metricsToken,
  redisTls,
  redisUrl,
  wholeNumber,
} from './settings/serviceOptions.ts';
export { PROCESS_VARIABLES, SECRET_VARIABLES } from './settings/variableNames.ts';
export { type StatementKind, StatementTimes, type Timed } from './statementTimes.ts';
export { serveStatus } from './statusServer.ts';
export { systemClock } from './systemClock.ts';
export type { TokenOptions } from './tokenGuard.ts';
