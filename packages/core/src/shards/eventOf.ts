/** Makes the event of an inconsistency. */
import { hash } from 'node:crypto';
import {
  type Direction,
  type EventKeyValue,
  encodedBytes,
  type InconsistencyType,
  type InconsistentEvent,
  type KeyTuple,
  type TablePlan,
} from '@rowparity/contracts';
import { memberNames } from '../keys/memberNames.ts';

export interface EventInput {
  readonly runId: string;
  readonly generation: number;
  readonly direction: Direction;
  readonly table: string;
  readonly plan: TablePlan;
}

export interface Inconsistency {
  readonly type: InconsistencyType;
  readonly key: KeyTuple;
  /** Names of the base columns that differ; only with `neq`. */
  readonly columns: readonly string[] | undefined;
  readonly isStable: boolean;
  readonly detectedAtMs: number;
  /** Of a table without a key: how many rows of this digest one side has more. `key` is the digest then. */
  readonly rows?: number;
}

export function eventOf(context: EventInput, found: Inconsistency): InconsistentEvent {
  const { plan } = context;
  const kinds = plan.key.map((column) => column.kind);
  const names = plan.key.map((column) => plan.columns[column.column]?.names.base ?? '');
  const isIntegerKey = kinds.length === 1 && kinds[0] === 'integer' && members(plan, 0) === undefined;
  return {
    ...(isIntegerKey ? { ID: BigInt(found.key[0] as string) } : {}),
    Direction: context.direction,
    Type: found.type,
    Table: context.table,
    ...(plan.key.length === 0
      ? { RowDigest: found.key[0] as string, Rows: BigInt(found.rows ?? 1) }
      : {
          Key: Object.fromEntries(names.map((name, i) => [name, wireValue(plan, i, found.key[i] as string)])),
        }),
    ...(found.columns ? { Columns: [...found.columns] } : {}),
    RunID: context.runId,
    Generation: BigInt(context.generation),
    EventID: eventId(context, found),
    DetectedAt: new Date(found.detectedAtMs).toISOString(),
    Stability: found.isStable ? 'confirmed' : 'unstable',
  };
}

function wireValue(plan: TablePlan, part: number, text: string): EventKeyValue {
  switch (plan.key[part]?.kind) {
    case 'integer':
      return members(plan, part)?.(BigInt(text)) ?? BigInt(text);
    case 'binary':
      return { hex: text };
    case 'text': {
      const hex = encodedBytes(text);
      return hex === undefined ? text : { hex };
    }
    default:
      return text;
  }
}

/** The words behind the number of an ENUM or a SET; undefined for any other key. */
function members(plan: TablePlan, part: number): ((number: bigint) => string) | undefined {
  const type = plan.columns[plan.key[part]?.column ?? -1]?.types.base ?? '';
  return memberNames(type);
}

/** Characters of the id: 128 bits, so that no two rows of any run share one by chance. */
const EVENT_ID_CHARS = 32;

/** The same run, generation, table, key and type give the same id. Every part is framed by its length. */
function eventId(context: EventInput, found: Inconsistency): string {
  const parts = [context.runId, String(context.generation), context.table, found.type, ...found.key];
  const framed = parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('');
  return hash('sha256', framed, 'hex').slice(0, EVENT_ID_CHARS);
}
