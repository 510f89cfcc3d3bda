/** A report after a change of it. Pure: tables that did not change stay the same objects. */
import type { LiveChange, RunReport } from '@rowparity/contracts';

export function changedReport(before: RunReport, { fields, tables }: LiveChange): RunReport {
  const changed = new Map(tables);
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return {
    ...before,
    ...given,
    tables: tables.length === 0 ? before.tables : before.tables.map((table, i) => changed.get(i) ?? table),
  };
}
