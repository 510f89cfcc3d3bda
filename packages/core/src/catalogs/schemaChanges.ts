/**
 * Checks whether the tables still have the schemas of the plan. Rows from before and after a change of a table are not
 * rows of one table, so they prove nothing.
 */
import { type Failure, failureOf, type TableChange, type TablePlan } from '@rowparity/contracts';
import type { PlannedTable } from '../ledgering/plannedRun.ts';
import type { Catalog } from '../ports/catalog.ts';
import { mapSides, SIDES, type Sides } from '../sides/sides.ts';
import { type Described, describePairs, groupsOf, PAIRS_A_QUESTION } from './describePairs.ts';
import { schemaDifferences, schemaHashes } from './schemaHashes.ts';
import { sideBySide } from './sideBySide.ts';
import { isOfOneTable } from './tableFault.ts';
import { type AskingDeps, countAsked } from './tablesAsked.ts';

/** Tables that are asked for side by side, where they cannot be asked for together. */
const TABLES_AT_ONCE = 8;
/** What a message names; a table may have thousands of columns. */
const NAMED_MAX = 10;

export interface SchemaQuestion extends AskingDeps {
  readonly catalogs: Sides<Catalog>;
  readonly signal: AbortSignal;
}

/** Of the tables as they were planned, those that have changed since. */
export async function schemaChanges(
  tables: readonly PlannedTable[],
  { catalogs, signal, ...deps }: SchemaQuestion,
): Promise<readonly TableChange[]> {
  const onTable = countAsked('schemas', tables.length, deps);
  const changes: (Failure | undefined)[] = [];
  for (const group of groupsOf(tables, PAIRS_A_QUESTION)) {
    const pairs = group.flatMap(({ plan }) => (plan ? [namesOf(plan)] : []));
    const described = await describePairs(pairs, catalogs, signal);
    changes.push(
      ...(await sideBySide(TABLES_AT_ONCE, group, (table) =>
        changeOf(table, described, signal).finally(onTable),
      )),
    );
  }
  return changes.flatMap((failure, table) => (failure ? [{ table, failure }] : []));
}

async function changeOf(
  { name, plan, schemas }: PlannedTable,
  described: Described,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  if (!plan || !schemas) return undefined;
  const now = await described(namesOf(plan)).catch((error: unknown) => {
    if (signal.aborted || !isOfOneTable(error)) throw error;
    return failureOf(error);
  });
  if ('code' in now) return { ...now, message: `Table ${name} could not be looked at again: ${now.message}` };
  const differences = SIDES.flatMap((side) => {
    const found = now[side];
    if (!found) return [`${side}: the table is not there any more`];
    return schemaDifferences(schemas[side], schemaHashes(found)).map(
      (difference) => `${side}: ${difference}`,
    );
  });
  if (differences.length === 0) return undefined;
  const more = differences.length - NAMED_MAX;
  const named = [...differences.slice(0, NAMED_MAX), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
  const message = `Table ${name} was changed since its plan was made (${named}), so its rows were not rows of one table. Order a new run when the schema does not change any more.`;
  return { code: 'SCHEMA_CHANGED', message };
}

function namesOf({ tables }: TablePlan): Sides<string> {
  return mapSides(tables, ({ table }) => table);
}
