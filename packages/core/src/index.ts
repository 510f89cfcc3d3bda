/** The pure heart of Rowparity. This page names what others may use. */

export { rateText } from './budgeting/admissions.ts';
export { type HostState, nextHostState } from './budgeting/hostState.ts';
export { hasSignals, isLimited } from './budgeting/limits.ts';
export { MemoryHostBudget } from './budgeting/memoryHostBudget.ts';
export { FRESH_MS, POLL_MS, pauseOf, SAMPLE_MS } from './budgeting/sampling.ts';
export { ThrottledTime } from './budgeting/throttledTime.ts';
export type { TablesAsked } from './catalogs/tablesAsked.ts';
export { certifiable, certificateText } from './certifying/certificateLines.ts';
export { notProven } from './certifying/notProven.ts';
export { type VerifiedCertificate, verifyCertificate } from './certifying/verifyCertificate.ts';
export { STREAM_ROWS_FIRST } from './comparing/streamRows.ts';

export { clockFindings } from './diagnosing/clockFindings.ts';
export type {
  KafkaFacts,
  MachineFacts,
  RedisFacts,
  ServerFacts,
  TopicFacts,
} from './diagnosing/facts.ts';
export { kafkaFindings, redisFindings } from './diagnosing/fleetFindings.ts';
export { machineFindings } from './diagnosing/machineFindings.ts';
export { planFailureFinding, planFindings } from './diagnosing/planFindings.ts';
export { loginFinding, serverFindings } from './diagnosing/serverFindings.ts';
export { type ColumnDifference, explainRow, type ReadableRow } from './explaining/explainRow.ts';
export { OutageLog } from './faults/outageLog.ts';
export { canonicalJson } from './hashing/canonicalJson.ts';
export { keyText } from './keys/keyOrder.ts';
export { AskedKeys, isOutside } from './keys/keyRange.ts';
export { memberName } from './keys/memberNames.ts';
export { largestFirst, together } from './ledgering/differenceGrouping.ts';
export { listedRuns } from './ledgering/listedRuns.ts';
export { PlanCache, planReader } from './ledgering/plannedRun.ts';
export { isUnreadable, readRuns } from './ledgering/readableRuns.ts';
export {
  exhaustedFailure,
  inexactSplit,
  miscounted,
  notInPlan,
  notPlannable,
  notPlanning,
  otherRange,
  outOfOrder,
  untiled,
} from './ledgering/refusals.ts';
export {
  brokenRule,
  continuesPlan,
  expectFinish,
  intentOf,
  isExactSplit,
  isSameRange,
  isSameSpec,
  type StoredRange,
  takesWork,
  takesWrites,
} from './ledgering/rules.ts';
export { isBehind, pageOfRuns } from './ledgering/runPages.ts';
export { markOf } from './ledgering/shardMark.ts';
export {
  isSameDefinition,
  migrationRunSpec,
  neighboursOf,
  newestRunOf,
  newMigration,
} from './ledgering/stages.ts';
export {
  countsFrom,
  LOST_TABLES,
  missingShards,
  NONE_KNOWN,
  NONE_PENDING,
  pendingFrom,
  STORED_TALLIES,
  type StoredTally,
  talliesFrom,
} from './ledgering/tallies.ts';
export { RUN_TRANSITIONS, SHARD_TRANSITIONS } from './ledgering/transitions.ts';
export { readWholeRun, type WholeRun, type WholeRunReadings } from './ledgering/wholeRun.ts';
export { advanceMigration } from './migrating/advanceMigration.ts';
export { gateOf } from './migrating/gate.ts';
export { migrationFacts } from './migrating/migrationFacts.ts';
export { migrationGate } from './migrating/migrationGate.ts';
export { nextAttemptAt } from './migrating/nextAttempt.ts';
export { tellOfGate, tellOfRun, type WebhookEventsDeps } from './migrating/webhookEvents.ts';
export { validateMultisets } from './multisets/validateMultisets.ts';
export { cutTable } from './planning/cutting/cutTable.ts';
export { DEFAULT_TABLE_OPTIONS, planTable, type TableOptions } from './planning/pairing/planTable.ts';
export { type PlanningDeps, planRun } from './planning/planRun.ts';
export { missingTables } from './planning/selecting/missingTables.ts';
export type {
  Catalog,
  CatalogColumn,
  CatalogEntryKind,
  CatalogIndex,
  CatalogListing,
  CatalogTable,
  Digits,
  ProbeKey,
} from './ports/catalog.ts';
export type { ChangedKey, ChangedKeysReader } from './ports/changedKeys.ts';
export type { ClosableSink, EventSink, PlacedEvent } from './ports/eventSink.ts';
export type { FleetLook, FleetReadings } from './ports/fleetReadings.ts';
export type {
  AdmitInput,
  BudgetGrant,
  BudgetHost,
  HostBudget,
  HostNeed,
  HostRead,
  HostReadings,
  HostSignals,
  PauseReadings,
  Throttle,
} from './ports/hostBudget.ts';
export type { CompletePlanInput, InheritedShard } from './ports/ledger/planStore.ts';
export type { SettleInput } from './ports/ledger/runStore.ts';
export type { ClaimInput, FinishInput } from './ports/ledger/shardHolds.ts';
export type {
  ClaimResult,
  HeldWriteResult,
  Hold,
  Holder,
  KnownRow,
  KnownRows,
  Ledger,
  LedgerReadings,
  LiveTotals,
  MigrationReadings,
  MigrationStore,
  Pending,
  Planning,
  PlanStore,
  PlanWriteResult,
  Progress,
  RunIntent,
  RunList,
  RunPage,
  RunPageQuery,
  RunStore,
  ShardFailure,
  ShardFailures,
  ShardHolds,
  ShardMark,
  TableGroups,
  TableTotals,
  UnreadableMigration,
  UnreadableRun,
  WatchStore,
  WebhookStore,
  WriteResult,
} from './ports/ledger.ts';
export type { BucketSum, DigestedRows, MultisetReader, ProbedRows } from './ports/multisetReader.ts';
export type {
  ColumnValue,
  CountedKeys,
  DigestProbe,
  PageLimits,
  ProbedDigests,
  ProgressQuestion,
  RangeDigest,
  RowBytes,
  RowLayout,
  RowPage,
  RowReader,
  RowStream,
  ServerPosition,
  ServerProgress,
  StreamedPage,
  StreamLimits,
} from './ports/rowSource.ts';
export type { TypedValue } from './ports/typedValue.ts';
export { parentsFirst, type Reference } from './repairing/tableOrder.ts';
export { compareColumns } from './rows/compareColumns.ts';
export { headOf, keyAt } from './rows/rowPage.ts';
export { type AdvanceDeps, type Advanced, advanceRun, takeStep } from './running/advanceRun.ts';
export { advanceWatch, nextAt } from './running/advanceWatch.ts';
export { type EndHopelessDeps, endHopelessRun } from './running/endHopelessRun.ts';
export { HeldRuns, RunStopped } from './running/heldRuns.ts';
export { isSlow, nextStep, type Step } from './running/nextStep.ts';
export { knownOf } from './settling/knownOf.ts';
export { reportOf } from './settling/reportOf.ts';
export { positionNotes } from './settling/runNotes.ts';
export { settleRun } from './settling/settleRun.ts';
export { type ShardMapDeps, shardMapOf } from './settling/shardMapOf.ts';
export { shardsOf, verdictOf } from './settling/verdict.ts';
export { ConvergenceTimes, RunConvergence } from './shards/convergenceTimes.ts';
export { type EventInput, eventOf } from './shards/eventOf.ts';
export { keyOfEvent } from './shards/keyOfEvent.ts';
export type { ShardEnd } from './shards/shardOutcome.ts';
export { byRole } from './sides/roles.ts';
export { mapSides, SIDES, type Side, type Sides } from './sides/sides.ts';
export { inRoles } from './sides/turnedPlan.ts';
export { Quarantine } from './validating/quarantine.ts';
export type { Slot } from './validating/restingShard.ts';
export { validateShard } from './validating/validateShard.ts';
export { WaitingShards } from './validating/waitingShards.ts';
export {
  type BudgetUse,
  type ShardReaders,
  type ShardWorkDeps,
  type WorkEnd,
  type WorkedRun,
  workShard,
} from './validating/workShard.ts';
