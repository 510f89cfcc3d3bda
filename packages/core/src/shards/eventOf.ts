/** Makes the event of an inconsistency. */
import {
  type Direction,
  type EventKeyValue,
  type EventState,
  encodedBytes,
  type InconsistencyType,
  type InconsistentEvent,
  type KeyKind,
  type KeyTuple,
  type TablePlan,
} from '@rowparity/contracts';
import { memberNames } from '../keys/memberNames.ts';
import { framed, hashOf, type RowSpace, rowIdOf } from './rowId.ts';

export interface EventInput {
  readonly runId: string;
  readonly generation: number;
  readonly direction: Direction;
  readonly table: string;
  readonly plan: TablePlan;
  readonly rows: RowSpace;
}

export interface Inconsistency {
  readonly type: InconsistencyType;
  readonly key: KeyTuple;
  /** Where the caller has it already. */
  readonly rowId?: string;
  /** Names of the base columns that differ; only with `neq`. */
  readonly columns: readonly string[] | undefined;
  readonly isStable: boolean;
  /** Of a stable one: what was known of the row before the run; undefined where that cannot be told. */
  readonly state: EventState | undefined;
  readonly detectedAtMs: number;
  /** Of a table without a key: how many rows of this digest one side has more. `key` is the digest then. */
  readonly rows?: number;
}

export function eventOf(context: EventInput, found: Inconsistency): InconsistentEvent {
  const { plan } = context;
  const [first, ...more] = keyOf(plan);
  const isIntegerKey = first?.kind === 'integer' && more.length === 0 && first.members === undefined;
  return {
    ...(isIntegerKey ? { ID: BigInt(found.key[0] as string) } : {}),
    Direction: context.direction,
    Type: found.type,
    Table: context.table,
    ...(plan.key.length === 0
      ? { RowDigest: found.key[0] as string, Rows: BigInt(found.rows ?? 1) }
      : { Key: wireKey(plan, found.key) }),
    ...(found.columns ? { Columns: [...found.columns] } : {}),
    RunID: context.runId,
    Generation: BigInt(context.generation),
    EventID: eventId(context, found),
    RowID: found.rowId ?? rowIdOf(context.rows, found.key),
    DetectedAt: isoTime(found.detectedAtMs),
    Stability: found.isStable ? 'confirmed' : 'unstable',
    ...(found.state && found.isStable ? { State: found.state } : {}),
  };
}

let lastTime = { ms: 0, text: new Date(0).toISOString() };

/** Many rows are found at one time. */
function isoTime(ms: number): string {
  if (ms !== lastTime.ms) lastTime = { ms, text: new Date(ms).toISOString() };
  return lastTime.text;
}

/** By the base's names of its columns. */
export function wireKey(plan: TablePlan, key: KeyTuple): Record<string, EventKeyValue> {
  const parts = keyOf(plan);
  const [only] = parts;
  if (only && parts.length === 1) return { [only.name]: wireValue(only, key[0] as string) };
  return Object.fromEntries(parts.map((part, i) => [part.name, wireValue(part, key[i] as string)]));
}

function wireValue({ kind, members }: KeyPart, text: string): EventKeyValue {
  switch (kind) {
    case 'integer':
      return members?.(BigInt(text)) ?? BigInt(text);
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

interface KeyPart {
  /** On the base. */
  readonly name: string;
  readonly kind: KeyKind;
  /** The words behind the number of an ENUM or a SET; undefined for any other key. */
  readonly members: ((number: bigint) => string) | undefined;
}

const keys = new WeakMap<TablePlan, readonly KeyPart[]>();

/** Made once a plan. */
function keyOf(plan: TablePlan): readonly KeyPart[] {
  let key = keys.get(plan);
  if (!key) {
    key = plan.key.map(({ column, kind }) => {
      const { names, types } = plan.columns[column] ?? {};
      return { name: names?.base ?? '', kind, members: memberNames(types?.base ?? '') };
    });
    keys.set(plan, key);
  }
  return key;
}

/** Characters of the id: 128 bits, so that no two rows of any run share one by chance. */
const EVENT_ID_CHARS = 32;

/** What the ids of all events of a table begin with, before the hash. */
const beginnings = new WeakMap<EventInput, string>();

/** The same run, generation, table, key, type and state give the same id. An unstable row has a state of its own. */
function eventId(context: EventInput, found: Inconsistency): string {
  let beginning = beginnings.get(context);
  if (beginning === undefined) {
    beginning = framed([context.runId, String(context.generation), context.table]);
    beginnings.set(context, beginning);
  }
  const state = found.isStable ? (found.state ?? 'confirmed') : 'unstable';
  return hashOf(beginning + framed([found.type, state]) + framed(found.key), EVENT_ID_CHARS);
}
