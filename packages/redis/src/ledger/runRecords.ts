import {
  Fault,
  listed,
  printable,
  type RunHeader,
  type RunPlan,
  type RunRemarks,
  type RunSpec,
  runHeader,
  runPlan,
  runRemarks,
  runSpec,
} from '@rowparity/contracts';
import { z } from 'zod';

export type Fields = Readonly<Record<string, string | undefined>>;

/** The fields of a header in the run's hash. The hash also holds spec and remarks, which are not read with it. */
export const HEADER_FIELDS = [
  ...[
    'version',
    'runId',
    'generation',
    'state',
    'cancelRequested',
    'pausedAt',
    'pausedMs',
    'direction',
    'window',
    'planName',
  ],
  ...['tableCount', 'shards', 'verdict', 'failure', 'comparedFrom', 'comparedTo'],
  ...['createdAt', 'plannedAt', 'settledAt'],
] as const;

/** Throws RUN_UNREADABLE. */
export function decodeHeader(runId: string, fields: Fields): RunHeader {
  return readable(runId, () =>
    runHeader.parse({
      version: Number(fields.version),
      runId: fields.runId,
      generation: Number(fields.generation),
      state: fields.state,
      cancelRequested: fields.cancelRequested === '1',
      pausedAt: numberOrNull(fields.pausedAt),
      pausedMs: numberOrNull(fields.pausedMs),
      direction: fields.direction,
      window: numberOrNull(fields.window),
      planName: fields.planName || null,
      tableCount: numberOrNull(fields.tableCount),
      shards: numberOrNull(fields.shards),
      verdict: fields.verdict || null,
      failure: jsonOrNull(fields.failure),
      comparedFrom: numberOrNull(fields.comparedFrom) ?? undefined,
      comparedTo: numberOrNull(fields.comparedTo) ?? undefined,
      createdAt: Number(fields.createdAt),
      plannedAt: numberOrNull(fields.plannedAt),
      settledAt: numberOrNull(fields.settledAt),
    }),
  );
}

/** Throws RUN_UNREADABLE. */
export function decodeSpec(runId: string, text: string | undefined): RunSpec {
  return readable(runId, () => runSpec.parse(jsonOrNull(text)));
}

/** Throws RUN_UNREADABLE. */
export function decodePlan(runId: string, text: string): RunPlan {
  return readable(runId, () => runPlan.parse(JSON.parse(text)));
}

/** Throws RUN_UNREADABLE. */
export function decodeRemarks(runId: string, { unstable, changed }: Fields): RunRemarks {
  return readable(runId, () =>
    runRemarks.parse({
      unstable: unstable?.split('\n').map(decodeUnstable) ?? [],
      changed: jsonOrNull(changed) ?? [],
    }),
  );
}

function readable<T>(runId: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw unreadableRun(runId, cause);
  }
}

export function unreadableRun(runId: string, cause: unknown): Fault {
  const id = printable(runId, RUN_ID_CHARACTERS);
  const message = `The ledger's record of run ${id} is not readable (${reasonOf(cause)}): another version of Rowparity wrote it, or it is damaged. Look at it with that version, or delete it: DELETE /v1/runs/${id} on the coordinator.`;
  return new Fault('permanent', { code: 'RUN_UNREADABLE', message }, { cause, place: 'ledger' });
}

/** A longer id is no run's. */
const RUN_ID_CHARACTERS = 100;
const PLACES_NAMED_MAX = 3;

/** Names the wrong fields, never their values. */
function reasonOf(cause: unknown): string {
  if (cause instanceof z.ZodError) {
    return listed(
      [...new Set(cause.issues.map(({ path }) => path.slice(0, 2).join('.') || 'record'))],
      PLACES_NAMED_MAX,
    );
  }
  return cause instanceof SyntaxError ? 'no JSON where JSON is expected' : 'a key of another type';
}

function decodeUnstable(line: string): object {
  const end = line.indexOf(' ');
  return { ...(JSON.parse(line.slice(end)) as object), table: Number(line.slice(0, end)) };
}

export function unreadable(what: string, cause: unknown): Fault {
  const message = `The ledger's record of ${what} is not readable: another version of Rowparity wrote it, or it is damaged.`;
  return new Fault('invariant', { code: 'INTERNAL', message }, { cause, place: 'ledger' });
}

/** HGETALL's answer inside a script comes as a flat list. */
export function fieldsOf(flat: readonly unknown[]): Readonly<Record<string, string>> {
  const pairs = Array.from({ length: flat.length / 2 }, (_, pair) => [flat[2 * pair], flat[2 * pair + 1]]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

export function jsonOrNull(text: string | undefined): unknown {
  return text ? JSON.parse(text) : null;
}

export function numberOrNull(text: string | undefined): number | null {
  return text ? Number(text) : null;
}
