/** What differs between the spec that a run began with and the one that it is to be continued with. */
import type { RunSpec } from '@rowparity/contracts';
import { flagAt } from './specOptions.ts';

/** Lines such as `--shard-rows: the run began with 1000, found 500`; empty when the specs are the same. */
export function specDifferences(began: RunSpec, found: RunSpec): string[] {
  const before = leavesOf(began);
  const after = leavesOf(found);
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  const lines = paths
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => lineOf(path, { before: before.get(path), after: after.get(path) }));
  return [...new Set(lines)];
}

function lineOf(path: string, { before, after }: { before: string | undefined; after: string | undefined }) {
  if (path === 'source' || path === 'destination') {
    return `the ${path}: the run began with another server or database`;
  }
  return `${flagAt(path) ?? path}: the run began with ${before ?? 'none'}, found ${after ?? 'none'}`;
}

/** A list of values is a leaf, as a person knows it as one option; a list of tables is not. */
function leavesOf(value: unknown, path = ''): Map<string, string> {
  if (value === undefined) return new Map();
  if (value === null || typeof value !== 'object' || isListOfValues(value)) {
    return new Map([[path, JSON.stringify(value)]]);
  }
  const entries = Object.entries(value).flatMap(([name, part]) => [
    ...leavesOf(part, path ? `${path}.${name}` : name),
  ]);
  return new Map(entries);
}

function isListOfValues(value: object): boolean {
  return Array.isArray(value) && value.every((part) => part === null || typeof part !== 'object');
}
