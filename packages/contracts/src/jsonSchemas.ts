/** JSON Schemas (2020-12) of the messages that programs outside read and write. */
import { z } from 'zod';
import { doctorReport } from './doctorReport.ts';
import { inconsistentEvent } from './inconsistentEvent.ts';
import { migrationAnswer, migrationDefinition } from './migration.ts';
import { dryRunAnswer, runAnswer, runsAnswer, wholeRunAnswer } from './runAnswers.ts';
import { runReport } from './runReport.ts';
import { runSpec } from './runSpec.ts';
import { webhookMessage } from './webhook.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

interface NamedSchema {
  readonly schema: z.ZodType;
  /** `input`: what a writer may leave out is optional. `output`: what a reader gets. */
  readonly io: 'input' | 'output';
}

const NAMED: Readonly<Record<string, NamedSchema>> = {
  RunSpec: { schema: runSpec, io: 'input' },
  RunReport: { schema: runReport, io: 'output' },
  DoctorReport: { schema: doctorReport, io: 'output' },
  Run: { schema: wholeRunAnswer, io: 'output' },
  DryRun: { schema: dryRunAnswer, io: 'output' },
  RunHeader: { schema: runAnswer, io: 'output' },
  MigrationDefinition: { schema: migrationDefinition, io: 'input' },
  Migration: { schema: migrationAnswer, io: 'output' },
  RunList: { schema: runsAnswer, io: 'output' },
};

/** Schemas that have a name in an OpenAPI document. */
export function schemasByName(): ReadonlyMap<string, NamedSchema> {
  return new Map(Object.entries(NAMED));
}

export function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    // On the wire an integer of any length is a JSON number with all its digits.
    override({ zodSchema, jsonSchema }) {
      if (zodSchema._zod.def.type === 'bigint') jsonSchema.type = 'integer';
    },
  });
  return rest;
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** The documents of docs/schemas, by the name of the file. */
export const PUBLISHED_SCHEMAS: Readonly<Record<string, () => JsonSchema>> = {
  'run-spec': () => ({ $schema: DIALECT, title: 'RunSpec', ...jsonSchemaOf(runSpec, 'input') }),
  'run-report': () => ({ $schema: DIALECT, title: 'RunReport', ...jsonSchemaOf(runReport, 'output') }),
  'doctor-report': () => ({
    $schema: DIALECT,
    title: 'DoctorReport',
    ...jsonSchemaOf(doctorReport, 'output'),
  }),
  migration: () => ({
    $schema: DIALECT,
    title: 'MigrationDefinition',
    ...jsonSchemaOf(migrationDefinition, 'input'),
  }),
  webhook: () => ({
    $schema: DIALECT,
    title: 'WebhookMessage',
    ...jsonSchemaOf(webhookMessage, 'output'),
  }),
  event: () => ({
    $schema: DIALECT,
    title: 'InconsistentEvent',
    ...jsonSchemaOf(inconsistentEvent, 'output'),
  }),
};
