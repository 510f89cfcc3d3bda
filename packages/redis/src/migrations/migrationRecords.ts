/** A migration as Redis keeps it and back: a hash, whose switches are lines of `stage at ended`. */
import {
  directionOfStage,
  Fault,
  type MigrationRecord,
  migrationRecord,
  printable,
} from '@rowparity/contracts';
import { canonicalJson } from '@rowparity/core';

const ID_CHARACTERS = 80;

export function encodeMigration(record: MigrationRecord): readonly (string | number)[] {
  const { definition, stage, begunAt, ordered, switches, ...rest } = record;
  return Object.entries({
    ...rest,
    ...{ stage, direction: directionOfStage(stage), begunAt: begunAt ?? '', ordered: ordered ?? '' },
    switches: switches.map(({ stage: to, at, ended }) => `${to} ${at} ${ended ?? ''}`).join('\n'),
    definition: canonicalJson(definition),
  }).flat();
}

/** Throws RUN_UNREADABLE. */
export function decodeMigration(id: string, fields: Readonly<Record<string, string>>): MigrationRecord {
  const { migrationId, stage } = fields;
  try {
    return migrationRecord.parse({
      ...{ version: Number(fields.version), migrationId, stage, stageSince: Number(fields.stageSince) },
      ...{ createdAt: Number(fields.createdAt), runs: Number(fields.runs) },
      begunAt: orNull(fields.begunAt),
      ordered: orNull(fields.ordered),
      switches: (fields.switches ?? '').split('\n').filter(Boolean).map(decodeSwitch),
      definition: JSON.parse(fields.definition ?? ''),
    });
  } catch (cause) {
    throw unreadableMigration(id, cause);
  }
}

export function unreadableMigration(id: string, cause: unknown): Fault {
  const name = printable(id, ID_CHARACTERS);
  const message = `The ledger's record of migration ${name} is not readable: another version of Rowparity wrote it, or it is damaged. Delete it (DELETE /v1/migrations/${name} on the coordinator), and put it again.`;
  return new Fault('permanent', { code: 'RUN_UNREADABLE', message }, { cause, place: 'ledger' });
}

function decodeSwitch(line: string): object {
  const [stage, at, ended] = line.split(' ');
  return { stage, at: Number(at), ended: ended || null };
}

function orNull(text: string | undefined): number | null {
  return text ? Number(text) : null;
}
