/** Asks which tables are compared, and which of those that could not be compared are left out. */
import type { Finding } from '@rowparity/contracts';
import { readList } from '../checking/tableOptions.ts';
import type { Questions } from '../connecting/questions.ts';
import type { Targets } from '../connecting/readTargets.ts';
import { diagnoseDatabases } from '../diagnosing/diagnoseDatabases.ts';
import { findingLines, type Page } from '../diagnosing/findingLines.ts';

export interface AskedTables {
  readonly targets: Targets;
  readonly page: Page;
}

export interface AnsweredTables {
  /** Names and patterns. */
  readonly names: readonly string[];
  /** Tables that the patterns leave out. */
  readonly exclude: readonly string[];
}

const CHECKS: ReadonlySet<Finding['check']> = new Set(['tables', 'table', 'clock', 'replication']);

export async function askTables(
  { targets, page }: AskedTables,
  questions: Questions,
): Promise<AnsweredTables> {
  for (;;) {
    questions.say(['', 'Tables']);
    const names = readList(
      await questions.ask('  Names, or patterns with * and ?, with commas between', '*'),
    );
    const findings = await diagnoseDatabases({
      ...{ targets, texts: { tables: names.join(','), direction: 'SRC' }, concurrency: 1, limits: {} },
    });
    const told = findings.filter(
      ({ check, level }) => CHECKS.has(check) && (level !== 'ok' || check === 'tables'),
    );
    questions.say(told.flatMap((finding) => findingLines(finding, page)));
    const refused = told.flatMap(({ table, level }) => (table && level === 'error' ? [table] : []));
    if (!told.some(({ level }) => level === 'error')) return { names, exclude: [] };
    if (refused.length > 0 && (await questions.confirm(`  Leave out what has a ✗ (${refused.length})?`))) {
      const kept = names.filter((name) => !refused.includes(name));
      if (kept.length > 0) return { names: kept, exclude: refused.filter((table) => !names.includes(table)) };
      questions.say(['  ✗ no table would be left']);
      continue;
    }
    if (!(await questions.confirm('  Name other tables?', false))) return { names, exclude: [] };
  }
}
