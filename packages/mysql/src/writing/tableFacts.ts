/** What a repair must know of the table that it is for: columns that the server makes itself, and what refers to it. */
import type { Reference } from '@rowparity/core';
import type { SessionPool } from '../connection/sessionPool.ts';

export interface TableFacts {
  /** Columns whose values the server computes. */
  readonly generated: ReadonlySet<string>;
  /** Columns that the server stamps with the time of a change. */
  readonly stamped: ReadonlySet<string>;
  readonly hasTriggers: boolean;
  /** Foreign keys of other tables, and of this one, that lead to rows of this table. */
  readonly referring: readonly ReferringKey[];
}

export interface ReferringKey extends Reference {
  readonly schema: string;
  /** Column of the child to column of this table. */
  readonly columns: readonly (readonly [string, string])[];
}

export async function readTableFacts(
  pool: SessionPool,
  { schema, table }: { readonly schema: string; readonly table: string },
  signal: AbortSignal,
): Promise<TableFacts> {
  const session = await pool.take();
  try {
    const [ofSchema, ofTable] = [schema, table].map(session.escape);
    const columns = await session.query(
      `SELECT COLUMN_NAME AS name, EXTRA AS extra, GENERATION_EXPRESSION AS expression FROM information_schema.COLUMNS
       WHERE TABLE_SCHEMA = ${ofSchema} AND TABLE_NAME = ${ofTable}`,
      signal,
    );
    const keys = await session.query(
      `SELECT CONSTRAINT_SCHEMA AS s, CONSTRAINT_NAME AS c, TABLE_NAME AS child, COLUMN_NAME AS childColumn,
         REFERENCED_COLUMN_NAME AS parentColumn
       FROM information_schema.KEY_COLUMN_USAGE
       WHERE REFERENCED_TABLE_SCHEMA = ${ofSchema} AND REFERENCED_TABLE_NAME = ${ofTable} ORDER BY ORDINAL_POSITION`,
      signal,
    );
    const triggers = await session.query(
      `SELECT COUNT(*) AS n FROM information_schema.TRIGGERS
       WHERE EVENT_OBJECT_SCHEMA = ${ofSchema} AND EVENT_OBJECT_TABLE = ${ofTable}`,
      signal,
    );
    const namesWhere = (is: (row: Readonly<Record<string, unknown>>) => boolean) =>
      new Set(columns.filter(is).map(({ name }) => String(name)));
    return {
      generated: namesWhere(
        ({ extra, expression }) =>
          /\bGENERATED\b/i.test(String(extra).replace('DEFAULT_GENERATED', '')) || !!expression,
      ),
      stamped: namesWhere(({ extra }) => /on update/i.test(String(extra))),
      hasTriggers: Number(triggers[0]?.n ?? 0) > 0,
      referring: [...Map.groupBy(keys, ({ s, c }) => `${s}.${c}`).values()].map((parts) => ({
        schema: String(parts[0]?.s),
        child: String(parts[0]?.child),
        parent: table,
        columns: parts.map(
          ({ childColumn, parentColumn }) => [String(childColumn), String(parentColumn)] as const,
        ),
      })),
    };
  } finally {
    await pool.release(session);
  }
}
