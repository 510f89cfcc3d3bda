/**
 * The options of `check` that are parts of a run spec: one line each. The contract checks their values; a problem is
 * told by the flag that it came from.
 */
import { type RunSpecInput, runSpec } from '@rowparity/contracts';
import { Option } from 'commander';
import type { z } from 'zod';
import { UsageError } from '../usageError.ts';

interface SpecOption {
  readonly flags: string;
  /** Where it stands in the spec. */
  readonly path: string;
  readonly describe: string;
  readonly read?: (text: string) => unknown;
  readonly fallback?: string;
  readonly isMandatory?: boolean;
}

const SPEC_OPTIONS: readonly SpecOption[] = [
  { flags: '--tables <names>', path: 'tables', isMandatory: true, read: readTables, describe: `tables to compare, separated by commas; "*" and "?" make a pattern: a,b,'order*'` },
  { flags: '--direction <side>', path: 'direction', fallback: 'SRC', describe: 'which side is right: SRC the source, DST the destination' },
  { flags: '--run-id <id>', path: 'runId', describe: 'id of the run (default: made from the databases, the tables and the time)' },
  { flags: '--shard-rows <rows>', path: 'shard.rows', read: Number, describe: 'wanted rows in a shard (default: 100000)' },
  { flags: '--page-rows <rows>', path: 'shard.pageRows', read: Number, describe: 'most rows that one statement reads (default: 10000)' },
  { flags: '--recheck-delays <ms>', path: 'recheck.delaysMs', read: readNumbers, describe: 'delays before each reading again of a row that differs, separated by commas (default: 500,1000,2000,4000)' },
  { flags: '--format <format>', path: 'events.format', describe: 'full, or minimal: ID, Direction and Type alone (default: full)' },
]; // biome-ignore format: one table

export type SpecTexts = Readonly<Record<string, unknown>>;
/** What the command adds by itself. */
export type SpecFrame = Pick<RunSpecInput, 'source' | 'destination' | 'runId'>;

export function specOptions(): Option[] {
  return SPEC_OPTIONS.map(({ flags, describe, fallback, isMandatory = false }) =>
    new Option(flags, describe).default(fallback).makeOptionMandatory(isMandatory),
  );
}

/** Throws a UsageError that names every wrong flag. */
export function readSpec(texts: SpecTexts, frame: SpecFrame) {
  const raw: Record<string, unknown> = { version: 1, ...frame };
  for (const option of SPEC_OPTIONS) {
    const text = textOf(option, texts);
    if (text !== undefined) put(raw, option.path.split('.'), option.read ? option.read(text) : text);
  }
  const spec = runSpec.safeParse(raw);
  if (spec.success) return spec.data;
  throw new UsageError(spec.error.issues.map((issue) => problemOf(issue, texts)).join('\n'));
}

export function flagAt(path: string): string | undefined {
  const option = optionAt(path);
  return option && nameOf(option);
}

function problemOf(issue: z.core.$ZodIssue, texts: SpecTexts): string {
  const path = issue.path.join('.');
  const option = optionAt(path);
  if (!option) return `${path}: ${issue.message}`;
  const text = textOf(option, texts);
  const found = text === undefined ? 'it is missing' : `found "${text}"`;
  return `${nameOf(option)}: ${issue.message}; ${found}`;
}

function optionAt(path: string): SpecOption | undefined {
  return SPEC_OPTIONS.find((option) => path === option.path || path.startsWith(`${option.path}.`));
}

function nameOf({ flags }: SpecOption): string {
  return flags.split(' ')[0] as string;
}

function textOf(option: SpecOption, texts: SpecTexts): string | undefined {
  const found = texts[new Option(option.flags).attributeName()];
  return typeof found === 'string' ? found : undefined;
}

function put(into: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  into[name] ??= {};
  put(into[name] as Record<string, unknown>, rest, value);
}

function readTables(text: string) {
  const names = text.split(',').map((name) => name.trim());
  return names.map((name) => (/[*?]/.test(name) ? { pattern: name } : { name }));
}

function readNumbers(text: string): number[] {
  return text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
}
