/** A migration as Redis keeps it and back: a hash, whose switches are lines of `stage at ended`. */
import {
  directionOfStage,
  Fault,
  MIGRATIONS_MAX,
  type MigrationDefinition,
  type MigrationRecord,
  migrationDefinition,
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

/**
 * Definitions by their text. They never change, and one may name a thousand tables: records are read twice a second,
 * and must not be checked from the ground up each time.
 */
export class Definitions {
  readonly #known = new Map<string, MigrationDefinition>();

  read(text: string): MigrationDefinition {
    const known = this.#known.get(text);
    if (known) return known;
    const definition = migrationDefinition.parse(JSON.parse(text));
    if (this.#known.size >= MIGRATIONS_MAX) this.#known.clear();
    this.#known.set(text, definition);
    return definition;
  }
}

const standing = migrationRecord.omit({ definition: true });

interface Decoding {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly definitions: Definitions;
}

/** Throws RUN_UNREADABLE. */
export function decodeMigration({ id, fields, definitions }: Decoding): MigrationRecord {
  const { migrationId, stage } = fields;
  try {
    const { definition } = fields;
    const record = standing.parse({
      ...{ version: Number(fields.version), migrationId, stage, stageSince: Number(fields.stageSince) },
      ...{ createdAt: Number(fields.createdAt), runs: Number(fields.runs) },
      begunAt: orNull(fields.begunAt),
      ordered: orNull(fields.ordered),
      switches: (fields.switches ?? '').split('\n').filter(Boolean).map(decodeSwitch),
    });
    return { ...record, definition: definitions.read(definition ?? '') };
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
