/** A run as Redis keeps it (a hash of strings) and back. What comes back is checked against the contract. */
import { isDeepStrictEqual } from 'node:util';
import { type RunRecord, type RunSpec, runRecord, runSpec } from '@rowparity/contracts';
import { Fault } from '@rowparity/core';

/** Equal as specs: defaults filled in, members in any order. */
export function isSameSpec(a: RunSpec, b: RunSpec): boolean {
  return isDeepStrictEqual(parsedAgain(a), parsedAgain(b));
}

function parsedAgain(spec: RunSpec): RunSpec {
  return runSpec.parse(JSON.parse(JSON.stringify(spec)));
}

export function decodeRun(fields: Readonly<Record<string, string>>): RunRecord {
  const parsed = runRecord.safeParse({
    version: Number(fields.version),
    runId: fields.runId,
    spec: jsonOrNull(fields.spec),
    state: fields.state,
    cancelRequested: fields.cancelRequested === '1',
    tables: jsonOrNull(fields.tables),
    servers: jsonOrNull(fields.servers) ?? undefined,
    shards: Number(fields.shards),
    verdict: fields.verdict || null,
    failure: jsonOrNull(fields.failure),
    unstable: fields.unstable?.split('\n').map(decodeUnstable),
    comparedFrom: numberOrNull(fields.comparedFrom) ?? undefined,
    comparedTo: numberOrNull(fields.comparedTo) ?? undefined,
    createdAt: Number(fields.createdAt),
    plannedAt: numberOrNull(fields.plannedAt),
    settledAt: numberOrNull(fields.settledAt),
  });
  if (parsed.success) return parsed.data;
  throw unreadable(`run ${fields.runId}`, parsed.error);
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
