/** The messages of Rowparity. One message a file; this page names what others may use. */

export { allowedTopics, DEFAULT_TOPIC, isAllowedTopic, topicName } from './allowedTopics.ts';
export {
  CERTIFICATE_VERSION,
  type CertificateFooter,
  type CertificateHeader,
  type CertificateLine,
  type CertificateShard,
  type CertificateTable,
  certificateLine,
} from './certificate.ts';
export { type ChangedPlace, changedPlace } from './changedPlace.ts';
export { type ChangedSince, changedFrom } from './changedSince.ts';
export type { Clock } from './clock.ts';
export { COORDINATOR_ROUTES } from './coordinatorRoutes.ts';
export {
  addCounts,
  addInto,
  COUNT_NAMES,
  type Counts,
  confirmedOf,
  counts,
  LAG_STEPS,
  plusCounts,
  type ReportedCounts,
  reportedCounts,
  type SomeCounts,
  withoutLags,
  zeroCounts,
} from './counts.ts';
export type { DifferenceCause } from './differenceCause.ts';
export {
  type DifferenceGroup,
  type DifferenceGroups,
  differenceGroup,
  GROUPS_A_TABLE_MAX,
  GROUPS_IN_RUN_MAX,
  GROUPS_TOLD_MAX,
  groupName,
  type ReportedGroup,
} from './differenceGroup.ts';
export { type Direction, direction, directionOfStage, type Stage, stage } from './direction.ts';
export {
  type DoctorReport,
  doctorReport,
  doctorReportOf,
  type Finding,
} from './doctorReport.ts';
export { encodedBytes, encodedText } from './encodedText.ts';
export { type Failure, type FailureCode, failure, failureCode } from './failure.ts';
export { Fault, type FaultClass, failureOf, isOfLedger, isTransient } from './fault.ts';
export type { FencePolicy, ValueFencePolicy } from './fencePolicy.ts';
export {
  GATE_ANSWER_VERSION,
  type GateAnswer,
  type GateQuery,
  type GateReason,
} from './gateAnswer.ts';
export {
  type HostLimits,
  hostLimitTexts,
  RESUME_SHARE,
  type ReadWindow,
} from './hostLimits.ts';
export {
  type HostPause,
  hostPause,
  PAUSES_TOLD_MAX,
  type PauseKind,
  type PauseReason,
  pauseReason,
} from './hostPause.ts';
export { type HttpError, type HttpErrorCode, httpError, httpErrorWith } from './httpError.ts';
export {
  answersOf,
  type HttpDocument,
  type HttpFile,
  type HttpInput,
  type HttpQuestion,
  type HttpReply,
  type HttpRoute,
  type HttpRoutes,
} from './httpRoute.ts';
export { HTTP_DOCUMENTS } from './httpServices.ts';
export {
  decodeEvent,
  type EventFormat,
  type EventKeyValue,
  type EventState,
  encodeEvent,
  INCONSISTENT_EVENT_VERSION,
  type InconsistencyType,
  type InconsistentEvent,
} from './inconsistentEvent.ts';
export { PUBLISHED_SCHEMAS } from './jsonSchemas.ts';
export {
  KNOWN_COLUMNS_MAX,
  KNOWN_IN_RUN_MAX,
  KNOWN_KEPT_DEFAULT,
  KNOWN_LISTED_MAX,
  type KnownAnswer,
  type KnownDifference,
  type KnownPlace,
  type KnownQuery,
  type KnownTotals,
  knownCursor,
  knownDifference,
} from './knownDifference.ts';
export {
  type KeyRange,
  LEDGER_VERSION,
  type Outcome,
  type PlannedShard,
  plannedShard,
  type RunState,
  SHARD_KEYS_MAX,
  type ShardRecord,
  shardRecord,
  type Verdict,
  verdict,
} from './ledgerRecords.ts';
export { changeOf, type LiveChange, type LiveTrouble, VIEWERS_MAX } from './liveRun.ts';
export {
  MIGRATION_VERSION,
  MIGRATIONS_MAX,
  type MigrationAnswer,
  type MigrationDefinition,
  type MigrationDefinitionInput,
  type MigrationGatePolicy,
  type MigrationRecord,
  migrationDefinition,
  migrationRecord,
  migrationRunId,
  QUIET_RUNS_MAX,
  type ReportedMigrations,
  STAGE_SWITCHES_KEPT_MAX,
} from './migration.ts';
export {
  MIGRATION_GATE_VERSION,
  type MigrationGateAnswer,
  type MigrationGateQuery,
  type MigrationReason,
} from './migrationGate.ts';
export { isOutage } from './outage.ts';
export { isPagePath } from './pageRoutes.ts';
export type { InRoles } from './places.ts';
export { REPORTER_ROUTES } from './reporterRoutes.ts';
export {
  type BasedOn,
  type InheritedShards,
  isRecheck,
  RERUN_SHARDS_MAX,
  type RecheckOrder,
  type RerunOrder,
} from './rerun.ts';
export {
  type DryRunAnswer,
  type ReportedRuns,
  type RunsAnswer,
  type WholeRunAnswer,
  wholeRunAnswer,
} from './runAnswers.ts';
export { FLEET_WORKERS_MAX, type RunFleet } from './runFleet.ts';
export { type RunHeader, runHeader } from './runHeader.ts';
export {
  cursorOf,
  RUNS_LISTED_MAX,
  type RunListQuery,
  type RunPlace,
} from './runListQuery.ts';
export type { RunNote } from './runNote.ts';
export { type RunPlan, runPlan, type SchemaHashes, type TableRecord } from './runPlan.ts';
export {
  type RunRemarks,
  runRemarks,
  type TableChange,
  UNSTABLE_COLUMNS_MAX,
  UNSTABLE_NAMED_MAX,
  type UnstableRow,
} from './runRemarks.ts';
export {
  type Convergence,
  type PlacedFailure,
  type ReportedPlace,
  RUN_REPORT_VERSION,
  type RunReport,
  runReport,
  type ShardTally,
  type TableReport,
  type UnstableKey,
} from './runReport.ts';
export {
  directionOf,
  followedRun,
  type RunSpec,
  type RunSpecInput,
  runSpec,
  type TableSelection,
} from './runSpec.ts';
export { type KeyTuple, runId } from './scalars.ts';
export { OUT_OF_SIGHT_NAMED_MAX, type OutOfSight, type ServerIdentity } from './serverIdentity.ts';
export { SHARD_JOB_VERSION, type ShardJob, shardJob } from './shardJob.ts';
export {
  MAP_CELLS_DEFAULT,
  MARK_STATES,
  type MapCell,
  type MarkState,
  type ShardMap,
  type ShardMapQuery,
  TIMELINE_STEPS_MAX,
} from './shardMap.ts';
export { specNotes } from './specNotes.ts';
export { cutProblems, type SpecProblem, specProblems } from './specProblems.ts';
export {
  type ComparedColumn,
  type KeyColumn,
  type KeyKind,
  MULTISET_BUCKETS_MAX,
  type PlacedTablePlan,
  type ReadAs,
  type RuleName,
  type TablePlan,
} from './tablePlan.ts';
export { readTraceparent, type TraceParent, writeTraceparent } from './traceparent.ts';
export {
  generationRunId,
  WATCHES_MAX,
  type WatchAnswer,
  type WatchRecord,
  type WatchSpec,
  type WatchSpecInput,
  watchRecord,
  watchSpec,
} from './watch.ts';
export {
  DELIVERIES_MAX,
  WEBHOOK_VERSION,
  type WebhookDelivery,
  type WebhookMessage,
  webhookDelivery,
} from './webhook.ts';
export { causeSentence } from './words/causeSentence.ts';
export { causeWords } from './words/causeWords.ts';
export { closestNames } from './words/closestNames.ts';
export { listed } from './words/listed.ts';
export { count, many } from './words/numberWords.ts';
export { printable } from './words/printable.ts';
export { differencesOf, differenceWords, differWords, limitWords, restWords } from './words/verdictWords.ts';
