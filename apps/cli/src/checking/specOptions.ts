/**
 * The options of `check` that are parts of a run spec: one line each. The contract checks their values; a problem is
 * told by the flag that it came from.
 */
import { type RunSpecInput, runSpec, type SpecProblem, specProblems } from '@rowparity/contracts';
import { Option } from 'commander';
import { UsageError } from '../usage/usageError.ts';
import {
  columnsAlone,
  readList,
  readTables,
  type TableDrafts,
  type TableOption,
  withColumns,
  withKey,
  withMapped,
  withoutColumns,
  withoutTables,
  withWhere,
  withWhereOn,
} from './tableOptions.ts';

interface SpecOption {
  readonly flags: string;
  /** Where it stands in the spec; `*` is any table. What is read of the text stands at the first. */
  readonly paths: readonly string[];
  readonly describe: string;
  readonly read?: (text: string) => unknown;
  /** For what is said of the tables of an earlier line. */
  readonly ofTables?: TableOption;
  readonly isRepeatable?: boolean;
  readonly fallback?: string;
}

/** What the contract fills in, told in the help. */
const { shard, recheck } = runSpec.parse({
  version: 1,
  ...{ runId: 'defaults', source: 'source', destination: 'destination', direction: 'SRC' },
  tables: [{ pattern: '*' }],
});

const SPEC_OPTIONS: readonly SpecOption[] = [
  { flags: '--tables <names>', paths: ['tables'], read: readTables, describe: `tables to compare, separated by commas; "*" and "?" make a pattern: a,b,'order*'` },
  { flags: '--exclude-tables <names>', paths: ['tables.*.exclude'], ofTables: withoutTables, describe: 'tables that the patterns of --tables leave out, separated by commas; "*" and "?" as there' },
  { flags: '--direction <side>', paths: ['direction'], fallback: 'SRC', describe: 'which side is right: SRC the source, DST the destination' },
  { flags: '--columns <names>', paths: ['tables.*.columns'], ofTables: withColumns, describe: 'source columns to compare beside the key, as column or table.column, separated by commas (default: all)' },
  { flags: '--exclude-columns <names>', paths: ['excludeColumns', 'tables.*.excludeColumns'], ofTables: withoutColumns, read: columnsAlone, describe: 'source columns to leave out, as column or table.column; a column alone is left out of every table that has it, those of patterns too, and one at least must' },
  { flags: '--key <columns>', paths: ['tables.*.key'], ofTables: withKey, describe: 'columns of the key to compare by, separated by commas; with one table only (default: the primary key, or a unique one)' },
  { flags: '--where <sql>', paths: ['tables.*.where'], ofTables: withWhere, describe: 'compare only rows that satisfy this predicate, on both sides; not with patterns' },
  { flags: '--where-source <sql>', paths: ['tables.*.where.source'], ofTables: withWhereOn('source'), describe: 'the predicate of the source alone, where the two sides need different ones; with --where-destination' },
  { flags: '--where-destination <sql>', paths: ['tables.*.where.destination'], ofTables: withWhereOn('destination'), describe: 'the predicate of the destination alone; with --where-source' },
  { flags: '--map <names>', paths: ['tables.*.destination', 'tables.*.renamedColumns'], ofTables: withMapped, isRepeatable: true, describe: 'table=other or table.column=other: its name on the destination; may be given many times' },
  { flags: '--changed-since <time>', paths: ['changedSince.time', 'changedSince'], describe: 'compare only rows with an update time from here on, such as 2026-11-27T08:00:00Z; deleted rows are out of sight, so the result is never "consistent"' },
  { flags: '--changed-column <column>', paths: ['changedSince.column'], describe: 'the update-time column (default: updated_at); an index must begin with it' },
  { flags: '--changed-overlap-ms <ms>', paths: ['changedSince.overlapMs'], read: Number, describe: 'how far before that time rows count, too: the longest transaction and the skew of the clocks (default: 300000)' },
  { flags: '--strategy <strategy>', paths: ['strategy'], describe: 'exact reads all rows; checksum, for slow links, reads what differs by digest; auto measures both (default: exact)' },
  { flags: '--rules-off <rules>', paths: ['rulesOff'], read: readList, describe: 'rules that must not make unequal bytes equal, separated by commas: json, negativeZero, floatWidth, setOrder' },
  { flags: '--run-id <id>', paths: ['runId'], describe: 'id of the run (default: made from the databases, the tables and the time)' },
  { flags: '--shard-rows <rows>', paths: ['shard.rows'], read: Number, describe: `wanted rows in a shard (default: ${shard.rows})` },
  { flags: '--page-rows <rows>', paths: ['shard.pageRows'], read: Number, describe: `most rows of a page: what is compared at a time (default: ${shard.pageRows})` },
  { flags: '--recheck-delays <ms>', paths: ['recheck.delaysMs'], read: readNumbers, describe: 'a schedule of your own: delays before each reading again of a row that differs, separated by commas; two equal readings confirm it' },
  { flags: '--still-ms <ms>', paths: ['recheck.stillMs'], read: readStillMs, describe: 'how long a difference must stand still, or auto: 5000, and three times the slowest convergence seen (default: auto)' },
  { flags: '--fence <fence>', paths: ['recheck.fence', 'recheck.fence.kind'], read: readFence, describe: 'what a difference must wait for; auto: where one server replicates from the other by GTID, until the replica has caught up; heartbeat: your own, see --fence-column; query: see --fence-source; or off (default: auto)' },
  { flags: '--fence-upstream <side>', paths: ['recheck.fence.upstream'], describe: 'source or destination: where rows are written first, and the heartbeat with them' },
  { flags: '--fence-column <column>', paths: ['recheck.fence', 'recheck.fence.table', 'recheck.fence.column', 'recheck.fence.database'], read: readFenceColumn, describe: 'of the heartbeat: table.column or database.table.column, a number or time that grows with each beat' },
  { flags: '--fence-where <sql>', paths: ['recheck.fence.where'], describe: 'finds the row of the heartbeat, where its table has several' },
  { flags: '--fence-source <sql>', paths: ['recheck.fence.source'], describe: 'a SELECT on the source that gives one number or time, which grows though no row is written' },
  { flags: '--fence-destination <sql>', paths: ['recheck.fence.destination'], describe: 'the SELECT that gives it on the destination' },
  { flags: '--max-wait-ms <ms>', paths: ['recheck.maxWaitMs'], read: Number, describe: `longest wait behind the fence (default: ${recheck.maxWaitMs})` },
  { flags: '--allow-same', paths: ['allowSame'], read: () => true, describe: 'compare a table with itself when both sides are one database, which proves nothing' },
  { flags: '--format <format>', paths: ['events.format'], describe: 'full, or minimal: ID, Direction and Type alone (default: full)' },
]; // biome-ignore format: one table

export type SpecTexts = Readonly<Record<string, unknown>>;
/** What the command adds by itself. */
export type SpecFrame = Pick<RunSpecInput, 'source' | 'destination' | 'runId'>;

export function specOptions(): Option[] {
  return SPEC_OPTIONS.map(({ flags, describe, fallback, isRepeatable = false }) => {
    const option = new Option(flags, describe).default(fallback);
    return isRepeatable ? option.argParser(collect) : option;
  });
}

/** Those of these flags, for another command. */
export function pickedOptions(flags: readonly string[]): Option[] {
  return specOptions().filter(({ long }) => long !== undefined && flags.includes(long));
}

/** Throws a UsageError that names every wrong flag. */
export function readSpec(texts: SpecTexts, frame: SpecFrame) {
  const raw: Record<string, unknown> = { version: 1, ...frame, ...ofFile(texts) };
  const problems: string[] = [];
  for (const option of SPEC_OPTIONS) {
    for (const text of textsOf(option, texts)) {
      try {
        addTo(raw, option, text);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        problems.push(`${nameOf(option)}: ${error.message}`);
      }
    }
  }
  const spec = runSpec.safeParse(raw);
  if (!spec.success) problems.push(...specProblems(spec.error).map((problem) => problemOf(problem, texts)));
  if (spec.success && problems.length === 0) return spec.data;
  throw new UsageError(problems.join('\n'));
}

/** What the file of `--spec` says. Its connections are names of the services; here the arguments name them. */
function ofFile({ spec }: SpecTexts): Record<string, unknown> {
  const { source: _, destination: __, ...document } = (spec ?? {}) as Record<string, unknown>;
  return document;
}

function addTo(raw: Record<string, unknown>, { paths, read, ofTables }: SpecOption, text: string): void {
  if (ofTables) raw.tables = ofTables((raw.tables ?? []) as TableDrafts, text);
  if (ofTables && !read) return;
  const value = read ? read(text) : text;
  if (value !== undefined) put(raw, (paths[0] as string).split('.'), value);
}

export function flagAt(path: string): string | undefined {
  const option = optionAt(path);
  return option && nameOf(option);
}

function problemOf({ path, message }: SpecProblem, texts: SpecTexts): string {
  const option = optionAt(path);
  if (!option) return `${path}: ${message}`;
  const found = textsOf(option, texts).map((text) => `"${text}"`);
  return `${nameOf(option)}: ${message}; ${found.length > 0 ? `found ${found.join(', ')}` : 'it is missing'}`;
}

/** `tables` is above what is said of a table: the longest path that fits is meant. */
function optionAt(path: string): SpecOption | undefined {
  const place = `${path.replace(/^tables(\.\d+|\[\d+\])/, 'tables.*').replaceAll('[', '.')}.`;
  const matched = ({ paths }: SpecOption) =>
    Math.max(...paths.map((one) => (place.startsWith(`${one}.`) ? one.length : 0)));
  const best = SPEC_OPTIONS.toSorted((a, b) => matched(b) - matched(a))[0];
  return best && matched(best) > 0 ? best : undefined;
}

function nameOf({ flags }: SpecOption): string {
  return flags.split(' ')[0] as string;
}

function textsOf(option: SpecOption, texts: SpecTexts): readonly string[] {
  const found = texts[new Option(option.flags).attributeName()];
  // A flag without a value is true.
  return [found === true ? 'true' : found].flat().filter((text) => typeof text === 'string');
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function put(draft: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  const before = isObject(draft[name]) ? draft[name] : {};
  if (rest.length === 0) {
    draft[name] = isObject(value) ? { ...before, ...value } : value;
    return;
  }
  draft[name] = before;
  put(draft[name] as Record<string, unknown>, rest, value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The kinds have parts, which other options give. */
function readFence(text: string): unknown {
  return text === 'heartbeat' || text === 'query' ? { kind: text } : text;
}

function readFenceColumn(text: string): object {
  const parts = text.split('.');
  const [column, table, database] = parts.toReversed();
  if (parts.length < 2 || parts.length > 3)
    throw new UsageError('expected table.column or database.table.column');
  return { table, column, ...(database === undefined ? {} : { database }) };
}

function readStillMs(text: string): number | string {
  return text === 'auto' ? text : Number(text);
}

function readNumbers(text: string): number[] {
  return text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
}
