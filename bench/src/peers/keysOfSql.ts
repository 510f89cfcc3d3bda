/** The rows that a tool reports as SQL that would repair them: REPLACE, INSERT, UPDATE and DELETE, one a line. */
import type { ComparedTable, ReportedRow } from './peer.ts';

const NAME = '`((?:[^`]|``)*)`';
const CHANGED = new RegExp(`^(?:REPLACE|INSERT) INTO (?:${NAME}\\.)?${NAME}\\s*\\(([^)]*)\\) VALUES\\s*\\(`);
const FOUND = new RegExp(`^(?:UPDATE|DELETE FROM) (?:${NAME}\\.)?${NAME}`);
/** A literal: quoted text, or a word without a quote. */
const LITERAL = /'((?:[^'\\]|\\.|'')*)'|([^\s,)(;']+)/gs;

/** `tables`: whose rows are wanted, with their keys. A value may hold a line break. */
export function keysOfSql(sql: string, tables: readonly ComparedTable[]): ReportedRow[] {
  const keyOf = new Map(tables.map(({ name, key }) => [name, key]));
  return sql.split(/\n(?=(?:REPLACE|INSERT|UPDATE|DELETE) )/).flatMap((statement) => {
    const changed = CHANGED.exec(statement);
    const found = FOUND.exec(statement);
    const table = changed?.[2] ?? found?.[2] ?? '';
    const key = keyOf.get(table);
    if (!key) return [];
    const values = changed
      ? insertedKey(statement.slice(changed[0].length), changed[3] as string, key)
      : conditionKey(statement, key);
    return [{ table, key: values.join(',') }];
  });
}

function insertedKey(values: string, columns: string, key: readonly string[]): string[] {
  const names = columns.split(',').map((name) => name.trim().replaceAll('`', ''));
  const literals = [...values.matchAll(LITERAL)].map(literalText);
  return key.map((column) => literals[names.indexOf(column)] ?? '');
}

function conditionKey(statement: string, key: readonly string[]): string[] {
  const condition = statement.slice(statement.lastIndexOf(' WHERE '));
  return key.map((column) => {
    const from = condition.indexOf(`\`${column}\``);
    const literal = condition.slice(from + column.length + 2).replace(/^\s*=\s*/, '');
    const [first] = literal.matchAll(LITERAL);
    return from < 0 || !first ? '' : literalText(first);
  });
}

function literalText([, quoted, word]: RegExpMatchArray | RegExpExecArray): string {
  if (quoted === undefined) return word ?? '';
  return quoted.replaceAll("''", "'").replace(/\\(.)/gs, '$1');
}
