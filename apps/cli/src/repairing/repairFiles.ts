/**
 * The file of statements and the one that takes them back. Rows are deleted before others are written, children before
 * their parents; then rows are written, parents first.
 */
import { many, printable } from '@rowparity/contracts';
import { parentsFirst } from '@rowparity/core';
import { SESSION_LINES } from '@rowparity/mysql';
import type { KeyedRepair, LeftOutReason, TableRepairs } from './gatherRepairs.ts';

export interface RepairHead {
  /** `destination (host:port/database)`: where the statements belong. */
  readonly target: string;
  readonly base: string;
  readonly events: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Statements of one transaction. */
  readonly batch: number;
}

/** Of one row or of many. */
const REASONS: Readonly<Record<LeftOutReason, string>> = {
  equal: 'equal by now',
  moving: 'changed during the read',
  generated: 'different only in columns that the server computes',
  unwritable: 'with text that is none in its character set; write it by hand',
  stale: 'different in another way than the event says; compare again',
  unstable: 'still changing when the event was sent; compare again',
};
const NAMED_MAX = 20;

export function repairFiles(
  tables: readonly TableRepairs[],
  head: RepairHead,
): { readonly repair: string; readonly undo: string } {
  const ordered = inOrder(tables);
  const undone = ordered.toReversed();
  return {
    repair: fileOf(
      ordered.map(({ of, repair }) => ({ of, sql: repair })),
      [...headLines(tables, head), ...noteLines(tables)],
      head,
    ),
    undo: fileOf(
      undone.map(({ of, undo }) => ({ of, sql: undo })),
      undoLines(head),
      head,
    ),
  };
}

export function leftOutCounts(tables: readonly TableRepairs[]): ReadonlyMap<LeftOutReason, number> {
  const counts = new Map<LeftOutReason, number>();
  for (const { reason } of tables.flatMap(({ leftOut }) => leftOut)) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return counts;
}

export function leftOutWords(counts: ReadonlyMap<LeftOutReason, number>): string[] {
  return [...counts].map(([reason, rows]) => many(rows, `row ${REASONS[reason]}`, `rows ${REASONS[reason]}`));
}

function inOrder(tables: readonly TableRepairs[]): KeyedRepair[] {
  const byName = new Map(tables.map((table) => [table.target, table]));
  const references = tables.flatMap((table) => table.references);
  const names = parentsFirst([...byName.keys()], references);
  const repairsOf = (name: string) => byName.get(name)?.repairs ?? [];
  const isDelete = ({ type }: KeyedRepair) => type === 'base_missing';
  return [
    ...names.toReversed().flatMap((name) => repairsOf(name).filter(isDelete)),
    ...names.flatMap((name) => repairsOf(name).filter((repair) => !isDelete(repair))),
  ];
}

interface Statement {
  readonly of: string;
  readonly sql: string;
}

function fileOf(
  statements: readonly Statement[],
  comments: readonly string[],
  { batch }: RepairHead,
): string {
  const lines = [...comments.map(comment), '', ...SESSION_LINES];
  for (let offset = 0; offset < statements.length; offset += batch) {
    lines.push('', 'START TRANSACTION;');
    for (const { of, sql } of statements.slice(offset, offset + batch)) lines.push(comment(of), sql);
    lines.push('COMMIT;');
  }
  return `${lines.join('\n')}\n`;
}

/** A key may hold anything; in a comment it must not end the line. */
function comment(text: string): string {
  return `-- ${printable(text)}`;
}

function headLines(tables: readonly TableRepairs[], { target, base, events, now }: RepairHead): string[] {
  const repairs = tables.flatMap((table) => table.repairs);
  const count = (type: KeyedRepair['type']) => repairs.filter((repair) => repair.type === type).length;
  return [
    'Rowparity: statements that make rows of the target like those of the base. Nothing was executed.',
    `Run them on ${target}.`,
    `The rows are those of ${base}, as they were at ${new Date(now).toISOString()}, for the events of ${events}.`,
    `${many(repairs.length, 'statement', 'statements')}: ${count('target_missing')} INSERT, ${count('neq')} UPDATE, ${count('base_missing')} DELETE.`,
    'Each one is guarded: it does nothing to a row that has changed since, and nothing when it runs twice.',
    'Compare again afterwards.',
  ];
}

function undoLines({ target, now }: RepairHead): string[] {
  return [
    `Rowparity: takes back what the repair of ${new Date(now).toISOString()} did.`,
    `Run them on ${target}. A row that has changed since the repair stays as it is.`,
  ];
}

function noteLines(tables: readonly TableRepairs[]): string[] {
  const leftOut = tables.flatMap((table) => table.leftOut).filter(({ reason }) => reason !== 'equal');
  const named = leftOut.slice(0, NAMED_MAX).map(({ of, reason }) => `  ${of} (${REASONS[reason]})`);
  const more = leftOut.length - named.length;
  return [
    ...tables.flatMap(({ warnings }) => warnings.map((warning) => `Note: ${warning}.`)),
    ...leftOutWords(leftOutCounts(tables)).map((words) => `Left out: ${words}.`),
    ...named,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}
