/** A run as Redis keeps it (a hash of strings) and back. What comes back is checked against the contract. */
import { listed, printable, type RunRecord, runRecord } from '@rowparity/contracts';
import { Fault, type RunHead } from '@rowparity/core';
import { z } from 'zod';

/** Throws RUN_UNREADABLE. */
export function decodeRun(runId: string, fields: Readonly<Record<string, string>>): RunRecord {
  try {
    return runRecord.parse(recordOf(fields));
  } catch (cause) {
    throw unreadableRun(runId, cause);
  }
}

/** Throws RUN_UNREADABLE. */
export function decodeHead(runId: string, fields: Readonly<Record<string, string>>): RunHead {
  const read = runHead.safeParse(headOf(fields));
  if (read.success) return read.data;
  throw unreadableRun(runId, read.error);
}

/** What a head has of a record; another version's record is not read in part. */
export const HEAD_FIELDS = [
  ...['version', 'runId', 'state', 'cancelRequested', 'verdict', 'createdAt', 'settledAt'],
] as const;

const runHead = runRecord
  .pick({
    ...{ version: true, runId: true, state: true, cancelRequested: true },
    ...{ verdict: true, createdAt: true, settledAt: true },
  })
  .transform(({ version: _, ...head }) => head);

function recordOf(fields: Readonly<Record<string, string>>) {
  return {
    ...headOf(fields),
    spec: jsonOrNull(fields.spec),
    tables: jsonOrNull(fields.tables),
    servers: jsonOrNull(fields.servers) ?? undefined,
    shards: Number(fields.shards),
    failure: jsonOrNull(fields.failure),
    unstable: fields.unstable?.split('\n').map(decodeUnstable),
    comparedFrom: numberOrNull(fields.comparedFrom) ?? undefined,
    comparedTo: numberOrNull(fields.comparedTo) ?? undefined,
    plannedAt: numberOrNull(fields.plannedAt),
  };
}

function headOf(fields: Readonly<Record<string, string>>) {
  return {
    version: Number(fields.version),
    runId: fields.runId,
    state: fields.state,
    cancelRequested: fields.cancelRequested === '1',
    verdict: fields.verdict || null,
    createdAt: Number(fields.createdAt),
    settledAt: numberOrNull(fields.settledAt),
  };
}

export function unreadableRun(runId: string, cause: unknown): Fault {
  const id = printable(runId, RUN_ID_CHARACTERS);
  const message = `The ledger's record of run ${id} is not readable (${reasonOf(cause)}): another version of Rowparity wrote it, or it is damaged. Look at it with that version, or delete it: DELETE /v1/runs/${id} on the coordinator.`;
  return new Fault('permanent', { code: 'RUN_UNREADABLE', message }, { cause, place: 'ledger' });
}

/** A longer id is no run's. */
const RUN_ID_CHARACTERS = 100;
const PLACES_NAMED_MAX = 3;

/** The places that are wrong, never what stands there. */
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

export function unreadable(what: string, cause: Error): Fault {
  const message = `The ledger's record of ${what} is not readable: another version of Rowparity wrote it, or it is damaged.`;
  return new Fault('invariant', { code: 'INTERNAL', message }, { cause });
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
