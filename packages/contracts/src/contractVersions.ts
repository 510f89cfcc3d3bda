/** Every message that leaves a process, with its version. A message that changes without a new version is a bug. */
import type { z } from 'zod';
import { CERTIFICATE_VERSION, certificateLine } from './certificate.ts';
import { DOCTOR_REPORT_VERSION, doctorReport } from './doctorReport.ts';
import { GATE_ANSWER_VERSION, gateAnswer } from './gateAnswer.ts';
import { INCONSISTENT_EVENT_VERSION, inconsistentEvent } from './inconsistentEvent.ts';
import { knownDifference } from './knownDifference.ts';
import { LEDGER_VERSION, shardRecord } from './ledgerRecords.ts';
import { MIGRATION_VERSION, migrationDefinition, migrationRecord } from './migration.ts';
import { MIGRATION_GATE_VERSION, migrationGateAnswer } from './migrationGate.ts';
import { runHeader } from './runHeader.ts';
import { runPlan } from './runPlan.ts';
import { runRemarks } from './runRemarks.ts';
import { RUN_REPORT_VERSION, runReport } from './runReport.ts';
import { RUN_SPEC_VERSION, runSpec } from './runSpec.ts';
import { SHARD_JOB_VERSION, shardJob } from './shardJob.ts';
import { WATCH_SPEC_VERSION, watchRecord, watchSpec } from './watch.ts';
import { WEBHOOK_VERSION, webhookDelivery, webhookMessage } from './webhook.ts';

export interface Contract {
  readonly version: number;
  readonly schema: z.ZodType;
}

export const CONTRACTS = {
  runSpec: { version: RUN_SPEC_VERSION, schema: runSpec },
  watchSpec: { version: WATCH_SPEC_VERSION, schema: watchSpec },
  watchRecord: { version: LEDGER_VERSION, schema: watchRecord },
  shardJob: { version: SHARD_JOB_VERSION, schema: shardJob },
  inconsistentEvent: { version: INCONSISTENT_EVENT_VERSION, schema: inconsistentEvent },
  runHeader: { version: LEDGER_VERSION, schema: runHeader },
  runPlan: { version: LEDGER_VERSION, schema: runPlan },
  runRemarks: { version: LEDGER_VERSION, schema: runRemarks },
  knownDifference: { version: LEDGER_VERSION, schema: knownDifference },
  shardRecord: { version: LEDGER_VERSION, schema: shardRecord },
  certificateLine: { version: CERTIFICATE_VERSION, schema: certificateLine },
  doctorReport: { version: DOCTOR_REPORT_VERSION, schema: doctorReport },
  runReport: { version: RUN_REPORT_VERSION, schema: runReport },
  migrationDefinition: { version: MIGRATION_VERSION, schema: migrationDefinition },
  migrationRecord: { version: MIGRATION_VERSION, schema: migrationRecord },
  migrationGateAnswer: { version: MIGRATION_GATE_VERSION, schema: migrationGateAnswer },
  webhookMessage: { version: WEBHOOK_VERSION, schema: webhookMessage },
  webhookDelivery: { version: WEBHOOK_VERSION, schema: webhookDelivery },
  gateAnswer: { version: GATE_ANSWER_VERSION, schema: gateAnswer },
} as const satisfies Record<string, Contract>;
