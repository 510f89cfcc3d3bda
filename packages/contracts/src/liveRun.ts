/**
 * What a viewer of a run is sent, as server-sent events: the report once, and then what changed of it. `report`: a
 * report. `change`: a change of the report before. `trouble`: the ledger does not answer, and the viewer waits. `gone`:
 * the run was deleted. The stream ends behind `gone` and behind the report of a settled run.
 */
import { z } from 'zod';
import { type RunReport, runReport } from './runReport.ts';

/** Viewers of one reporter; one more is refused, and may ask for the report now and then. */
export const VIEWERS_MAX = 1000;

const liveChange = z.strictObject({
  /** Fields of the report with their new values, without its tables. */
  fields: runReport.omit({ tables: true }).partial(),
  /** Tables that changed, by their place in the report. */
  tables: z.array(z.tuple([z.int().min(0), runReport.shape.tables.element])),
});
export type LiveChange = z.infer<typeof liveChange>;

const liveTrouble = z.strictObject({ message: z.string() });
export type LiveTrouble = z.infer<typeof liveTrouble>;

/** Null: nothing changed. A report of another number of tables is no change of this one. */
export function changeOf(before: RunReport, after: RunReport): LiveChange | null {
  const { tables: tablesBefore, ...fieldsBefore } = before;
  const { tables: tablesAfter, ...fieldsAfter } = after;
  const old: Readonly<Record<string, unknown>> = fieldsBefore;
  const fields = Object.entries(fieldsAfter).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name]),
  );
  const tables = tablesAfter.flatMap((table, i) =>
    JSON.stringify(table) === JSON.stringify(tablesBefore[i]) ? [] : [[i, table] as [number, typeof table]],
  );
  return fields.length + tables.length === 0 ? null : { fields: Object.fromEntries(fields), tables };
}
